import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { useAnswer } from '../../../state/use-answer.ts';
import { bytes, counted } from '../../../ui/format.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { JobLine } from '../../jobs/JobLine.tsx';
import { Asked, Part, Row } from '../SettingsPage.tsx';
import { useDiskChanges, useJob } from './use-jobs.ts';

const PLACE = 'data storage';

/** How much there is, what is free in it, and whether it is whole. */
export function Storage() {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  const changes = useDiskChanges();
  const { answer, problem, again } = useAnswer('data.usage', {}, `${connected} ${changes}`);
  const packing = useJob('compact');
  const checking = useJob('check');
  return (
    <Part title="Storage">
      {answer === undefined ? (
        <Asked problem={connected ? problem : undefined} onAgain={() => void again()} />
      ) : (
        <>
          <Row label="Kept">
            {counted(answer.sessions, 'session')} with {counted(answer.messages, 'message')}
          </Row>
          <Row label="Log">
            {bytes(answer.bytes.log)}
            {answer.bytes.free > 0 && <span className="text-3">{bytes(answer.bytes.free)} of it free</span>}
          </Row>
          <Row label="Backups">{bytes(answer.bytes.backups)}</Row>
          {answer.bytes.setAside > 0 && (
            <Row label="Set aside">
              {bytes(answer.bytes.setAside)}
              <p className="settings-note">
                Damaged logs that were set aside at a start. They lie in the data folder, in case something is to be
                saved from them; delete them there.
              </p>
            </Row>
          )}
        </>
      )}
      <div className="row data-actions">
        <button
          type="button"
          className="button"
          aria-disabled={!connected || packing?.state === 'running'}
          onClick={() => connected && packing?.state !== 'running' && void app.try(PLACE, 'data.compact', {})}
        >
          Pack now
        </button>
        <button
          type="button"
          className="button"
          aria-disabled={!connected || checking?.state === 'running'}
          onClick={() => connected && checking?.state !== 'running' && void app.try(PLACE, 'data.check', {})}
        >
          Check now
        </button>
      </div>
      <p className="settings-note">
        Packing compresses conversations that rest and gives free space back to the disk; it goes on beside everything
        else. Checking reads all that is kept and compares it with what it was made from.
      </p>
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(PLACE)} />}
      {packing !== undefined && <JobLine job={packing} />}
      {checking !== undefined && <JobLine job={checking} />}
    </Part>
  );
}
