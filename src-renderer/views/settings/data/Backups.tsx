import { useState } from 'react';
import type { Backup } from '#shared/domain/keeping.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { bytes, counted } from '../../../ui/format.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Running } from '../../../ui/Sign.tsx';
import { fullTime } from '../../../ui/time.ts';
import { JobLine } from '../../jobs/JobLine.tsx';
import { Confirm } from '../forms/Confirm.tsx';
import { Asked, Part, Warning } from '../SettingsPage.tsx';
import { BackupTable } from './BackupTable.tsx';
import { RestoreDialog } from './RestoreDialog.tsx';
import { useDiskChanges, useJob } from './use-jobs.ts';

const PLACE = 'data backups';

/** Copies of everything that is kept: made, put back, deleted. */
export function Backups() {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const { answer, problem, again } = useAnswer('data.backups', {}, `${connected} ${useDiskChanges()}`);
  const making = useJob('backup');
  const [restore, setRestore] = useState<Backup | null>(null);
  const [removing, setRemoving] = useState<readonly Backup[]>([]);
  const [restoring, setRestoring] = useState(false);
  const busy = making?.state === 'running';
  const remove = async (backups: readonly Backup[]) => {
    await app.try(PLACE, 'data.removeBackups', { files: backups.map(({ file }) => file) });
    await again();
  };
  const putBack = async ({ file }: Backup) => {
    setRestoring(true);
    // The answer comes when it is sure that it can be done; then the connection is lost and found again.
    await app.try(PLACE, 'data.restore', { file });
    setRestoring(false);
  };
  const backups = answer?.backups ?? [];
  const all = backups.reduce((sum, backup) => sum + backup.bytes, 0);
  return (
    <Part title="Backups">
      {answer?.problem != null && <Warning problem={answer.problem} />}
      {answer === undefined ? (
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      ) : backups.length === 0 ? (
        <p className="settings-text">
          There are none yet. A backup is a copy of all conversations and settings but the keys of providers; with one
          you can go back to how everything was then.
        </p>
      ) : (
        <BackupTable
          backups={backups}
          disabled={!connected || restoring}
          onRestore={setRestore}
          onRemove={(backup) => setRemoving([backup])}
        />
      )}
      <div className="row data-actions">
        <button
          type="button"
          className="button"
          aria-disabled={!connected || busy}
          onClick={() => connected && !busy && void app.try(PLACE, 'data.backup', {})}
        >
          Back up now
        </button>
        {backups.length > 1 && (
          <button
            type="button"
            className="button bare"
            aria-disabled={!connected}
            onClick={() => connected && setRemoving(backups)}
          >
            Delete all…
          </button>
        )}
      </div>
      {making !== undefined && <JobLine job={making} />}
      {restoring && (
        <p className="row text-2" role="status">
          <Running /> Restoring. This window connects again by itself.
        </p>
      )}
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
      {answer !== undefined && backups.length > 0 && (
        <p className="settings-note">
          What you delete for good stays in backups that were made before, until newer ones take their place or you
          delete them here. They lie in <span className="mono settings-path">{answer.folder}</span>
        </p>
      )}
      {restore !== null && (
        <RestoreDialog backup={restore} onRestore={() => void putBack(restore)} onClose={() => setRestore(null)} />
      )}
      {removing.length > 0 && (
        <Confirm
          title={
            removing.length === 1
              ? `Delete the backup of ${fullTime(removing[0]!.at)}?`
              : `Delete ${counted(removing.length, 'backup')}?`
          }
          verb="Delete"
          onConfirm={() => void remove(removing)}
          onClose={() => setRemoving([])}
        >
          <p>
            {removing.length === 1
              ? `${bytes(removing[0]!.bytes)} are freed.`
              : `${bytes(all)} are freed, and there is none left to go back to.`}{' '}
            It cannot be brought back.
          </p>
        </Confirm>
      )}
    </Part>
  );
}
