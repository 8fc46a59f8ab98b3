import { settingsHref } from '../../../state/route.ts';
import { useApp } from '../../../state/use.ts';
import { counted } from '../../../ui/format.ts';
import { Confirm } from '../../settings/forms/Confirm.tsx';
import { placeOf } from './arrange.ts';
import type { Row } from './rows.ts';

interface DeleteDialogProps {
  /** `messages` is null where it is not known how many there are. */
  row: Pick<Row, 'id' | 'title'> & { messages: number | null };
  onClose: () => void;
}

/** Asks before a session leaves the log for good. */
export function DeleteDialog({ row, onClose }: DeleteDialogProps) {
  const app = useApp();
  const remove = async () => {
    const done = await app.act(placeOf(row.id), 'sessions.delete', { session: row.id });
    if (done !== undefined) app.say(`${row.title} is deleted for good.`);
  };
  return (
    <Confirm
      title={`Delete “${row.title}” for good?`}
      verb="Delete for good"
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>
        {row.messages === null ? 'All messages' : counted(row.messages, 'message')} and what was answered leave this
        computer’s log.
      </p>
      <Backups />
    </Confirm>
  );
}

/** Asks before all that is in the trash leaves the log for good. */
export function EmptyTrashDialog({
  rows,
  more,
  onClose,
}: {
  rows: readonly Row[];
  more: boolean;
  onClose: () => void;
}) {
  const app = useApp();
  const messages = rows.reduce((sum, row) => sum + row.messages, 0);
  return (
    <Confirm
      title={
        more ? 'Delete all sessions in the trash for good?' : `Delete ${counted(rows.length, 'session')} for good?`
      }
      verb="Delete for good"
      onConfirm={() => void app.act('sessions', 'sessions.emptyTrash', {})}
      onClose={onClose}
    >
      <p>
        {more ? 'More than ' : ''}
        {counted(messages, 'message')} and what was answered leave this computer’s log.
      </p>
      <Backups />
    </Confirm>
  );
}

function Backups() {
  return (
    <p>
      Backups keep the text until they roll over. They can be deleted in{' '}
      <a className="accent" href={settingsHref('data')}>
        Settings, Data
      </a>
      .
    </p>
  );
}
