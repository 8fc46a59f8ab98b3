import { type FocusEvent, useState } from 'react';
import type { Backup } from '#shared/domain/keeping.ts';
import { useToday } from '../../../state/use.ts';
import { bytes } from '../../../ui/format.ts';
import { rowKeys } from '../../../ui/row-keys.ts';
import { fullTime, messageTime } from '../../../ui/time.ts';
import { handsFocusOn } from '../forms/holds-focus.ts';

const reasons: Record<Backup['reason'], string> = {
  automatic: 'made by itself',
  asked: 'asked for',
  update: 'before an update',
  'before-restore': 'before a restore',
};

interface TableProps {
  /** The newest first. */
  backups: readonly Backup[];
  disabled: boolean;
  onRestore: (backup: Backup) => void;
  onRemove: (backup: Backup) => void;
}

/** One row for each backup; the arrow keys go from row to row, all of which are one stop of the tab order. */
export function BackupTable({ backups, disabled, onRestore, onRemove }: TableProps) {
  const now = useToday();
  const [at, setAt] = useState<string>();
  const tabStop = backups.some(({ file }) => file === at) ? at : backups[0]?.file;
  return (
    <table className="settings-table data-backups">
      <thead>
        <tr>
          <th scope="col">Made</th>
          <th scope="col">Why</th>
          <th scope="col" className="end">
            Size
          </th>
          <th scope="col">
            <span className="unseen">Restore or delete</span>
          </th>
        </tr>
      </thead>
      <tbody
        onKeyDownCapture={rowKeys}
        onFocus={({ target }: FocusEvent) => setAt((before) => target.closest('tr')?.dataset.file ?? before)}
      >
        {backups.map((backup) => {
          const { file, reason, bytes: size } = backup;
          const full = fullTime(backup.at);
          const tab = file === tabStop ? 0 : -1;
          return (
            <tr key={file} ref={handsFocusOn} data-file={file}>
              <td title={full}>
                <time dateTime={new Date(backup.at).toISOString()}>{messageTime(backup.at, now)}</time>
              </td>
              <td className="text-2">{reasons[reason]}</td>
              <td className="end text-2">{bytes(size)}</td>
              <td className="end">
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Restore the backup of ${full}`}
                  aria-disabled={disabled}
                  tabIndex={tab}
                  onClick={() => disabled || onRestore(backup)}
                >
                  Restore…
                </button>
                <button
                  type="button"
                  className="button bare small"
                  aria-label={`Delete the backup of ${full}`}
                  aria-disabled={disabled}
                  tabIndex={tab}
                  onClick={() => disabled || onRemove(backup)}
                >
                  Delete
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
