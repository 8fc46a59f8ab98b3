import { useStore } from 'zustand';
import type { Job } from '#shared/domain/jobs.ts';
import { placeOf } from '../../state/transfers.ts';
import { useApp, useConnected, useTrouble } from '../../state/use.ts';
import { bytes } from '../../ui/format.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';

type File = NonNullable<NonNullable<Job['result']>['file']>;

/** Saves what an export made, with how far that is. */
export function SaveFile({ file }: { file: File }) {
  const app = useApp();
  const connected = useConnected();
  const saving = useStore(app.transfers.store, ({ saving }) => saving[file.id]);
  const trouble = useTrouble(placeOf(file.id));
  return (
    <div className="save-file">
      <button
        type="button"
        className="button small"
        aria-disabled={!connected || saving !== undefined}
        onClick={() => {
          if (connected && saving === undefined) void app.transfers.save(file);
        }}
      >
        {saving === undefined ? 'Download' : 'Downloading'}
        <span className="text-3">
          {saving === undefined ? bytes(file.bytes) : `${bytes(saving)} of ${bytes(file.bytes)}`}
        </span>
      </button>
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(placeOf(file.id))} />}
    </div>
  );
}
