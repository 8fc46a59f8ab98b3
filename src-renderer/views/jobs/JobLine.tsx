import { type ReactNode, useState } from 'react';
import type { Job } from '#shared/domain/jobs.ts';
import { useApp, useNow, useTrouble } from '../../state/use.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { Sign } from '../../ui/Sign.tsx';
import { SaveFile } from '../transfer/SaveFile.tsx';
import { Progress } from './Progress.tsx';
import { amount, notesOf, outcome, percent, timeLeft, verb } from './words.ts';
import './jobs.css';

interface JobLineProps {
  job: Job;
  /** Somewhere else is gone to. */
  onLeave?: (() => void) | undefined;
}

/** One job: how far it is, or what came of it with what one can do next. */
export function JobLine({ job, onLeave }: JobLineProps) {
  if (job.state === 'running') return <RunningJob job={job} />;
  if (job.state === 'failed') return <FailedJob job={job} />;
  const { result } = job;
  const session = result?.session;
  return (
    <EndedJob job={job}>
      {result?.file !== undefined && <SaveFile file={result.file} />}
      {session !== undefined && <ShowSession session={session} onLeave={onLeave} />}
    </EndedJob>
  );
}

function RunningJob({ job }: { job: Job }) {
  const app = useApp();
  const place = `job ${job.id}`;
  const trouble = useTrouble(place);
  const now = useNow(1000);
  const [cancelling, setCancelling] = useState(false);
  const cancel = async () => {
    setCancelling(true);
    if ((await app.try(place, 'jobs.cancel', { job: job.id })) === undefined) setCancelling(false);
  };
  return (
    <>
      <Progress
        verb={verb(job)}
        amount={amount(job)}
        percent={percent(job)}
        left={timeLeft(job, now)}
        onCancel={() => void cancel()}
        cancelling={cancelling}
      />
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />}
    </>
  );
}

/** Notes beyond these are counted. */
const NOTES = 5;

function EndedJob({ job, children }: { job: Job; children: ReactNode }) {
  const notes = notesOf(job);
  return (
    <div className="job-ended">
      <Sign name={job.state === 'cancelled' ? 'stop' : 'check'} />
      <div className="grow">
        <p>{outcome(job)}</p>
        {job.about !== '' && <p className="job-about cut">{job.about}</p>}
        {notes.length > 0 && (
          <ul className="job-notes">
            {notes.slice(0, NOTES).map((note) => (
              <li key={note}>{note}</li>
            ))}
            {notes.length > NOTES && <li>and {notes.length - NOTES} more</li>}
          </ul>
        )}
      </div>
      <div className="row job-next">{children}</div>
    </div>
  );
}

function FailedJob({ job }: { job: Job }) {
  return (
    <div className="error-block">
      <Sign name="warn" />
      <div className="grow">
        <b>{outcome(job)}</b>
        {job.problem?.next !== undefined && <p className="text-2">{job.problem.next}</p>}
        {!job.problem?.message.includes(job.about) && <p className="job-about cut">{job.about}</p>}
      </div>
    </div>
  );
}

function ShowSession({ session, onLeave }: { session: string; onLeave?: (() => void) | undefined }) {
  const app = useApp();
  const show = () => {
    onLeave?.();
    app.goTo(session);
  };
  return (
    <button type="button" className="button small" onClick={show}>
      Show
    </button>
  );
}
