import { useEffect, useState } from 'react';
import { useApp, useConnected } from '../../state/use.ts';
import './transfer.css';

/** Files that are dropped anywhere on the window are imported; while they hang over it, it says so. */
export function DropFiles() {
  const app = useApp();
  const connected = useConnected();
  const [over, setOver] = useState(false);
  useEffect(() => {
    // Each element that is entered and left tells: the window is left when as many were left as entered.
    let depth = 0;
    const end = () => {
      depth = 0;
      setOver(false);
    };
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const hang = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      // Without it the browser would open the file in the place of this page.
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent) => {
      if (hasFiles(event) && --depth <= 0) end();
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      end();
      void app.transfers.import([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragover', hang);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragover', hang);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, [app]);
  if (!over) return null;
  return (
    <div className="drop-files" role="status">
      <p>
        <b>Drop to import sessions</b>
        <span>
          {connected
            ? 'A .json or .zip that Choragus exported. All of a file is imported, or nothing.'
            : 'It is sent when there is a connection again.'}
        </span>
      </p>
    </div>
  );
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
