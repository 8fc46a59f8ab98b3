import type { Backup } from '#shared/domain/keeping.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { bytes, counted } from '../../../ui/format.ts';
import { fullTime } from '../../../ui/time.ts';
import { Confirm } from '../forms/Confirm.tsx';

interface RestoreProps {
  backup: Backup;
  onRestore: () => void;
  onClose: () => void;
}

/** What a restore does, in numbers, before it is done. */
export function RestoreDialog({ backup, onRestore, onClose }: RestoreProps) {
  const { answer: now } = useAnswer('data.usage', {});
  return (
    <Confirm
      title={`Restore the backup of ${fullTime(backup.at)}?`}
      verb="Restore"
      keep="Cancel"
      onConfirm={onRestore}
      onClose={onClose}
    >
      <p>
        All conversations and settings become what they were then: {bytes(backup.bytes)}. The keys of providers stay as
        they are.
      </p>
      <p>
        What is there now
        {now !== undefined &&
          `, ${counted(now.sessions, 'session')} with ${counted(now.messages, 'message')}, ${bytes(now.bytes.log)},`}{' '}
        is kept as a backup, so that you can go back.
      </p>
      <p>Answers that are being written are stopped. Every window and program is disconnected for a moment.</p>
    </Confirm>
  );
}
