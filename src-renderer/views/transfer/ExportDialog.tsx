import { useId, useState } from 'react';
import type { ExportFormat } from '../../state/transfers.ts';
import { useApp, useConnected } from '../../state/use.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { counted } from '../../ui/format.ts';
import '../settings/forms/forms.css';
import { formats } from './formats.ts';
import './transfer.css';

interface ExportDialogProps {
  /** Absent: all that are not in the trash. */
  sessions?: readonly string[] | undefined;
  /** Of the one session. */
  title?: string | undefined;
  onClose: () => void;
}

/** Asks for the format. What comes of it is a job, and then a file. */
export function ExportDialog({ sessions, title, onClose }: ExportDialogProps) {
  const app = useApp();
  const connected = useConnected();
  const name = useId();
  const [format, setFormat] = useState<ExportFormat>('json');
  const one = sessions?.length === 1;
  const what = sessions === undefined ? 'all sessions' : one ? 'this session' : counted(sessions.length, 'session');
  const go = () => {
    if (!connected) return;
    onClose();
    void app.transfers.export(format, sessions === undefined ? undefined : [...sessions]);
  };
  return (
    <Dialog title={title === undefined ? `Export ${what}` : `Export ${title}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <fieldset className="formats">
          <legend className="unseen">Format</legend>
          {formats.map((each) => (
            <label key={each.id} className="format">
              <input
                type="radio"
                name={name}
                checked={each.id === format}
                data-autofocus={each.id === format ? true : undefined}
                onChange={() => setFormat(each.id)}
              />
              <span className="grow">
                <b>{each.title}</b> <span className="text-3">{each.ending}</span>
                <span className="format-word">{each.word}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <p className="format-note">
          {one ? 'One file is made.' : 'One zip file is made, with a file for each session.'}
          {sessions === undefined && ' What is in the trash stays out.'}
        </p>
        <div className="row form-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" aria-disabled={!connected}>
            Export
          </button>
        </div>
      </form>
    </Dialog>
  );
}
