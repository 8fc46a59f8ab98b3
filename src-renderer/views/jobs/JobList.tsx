import { useStore } from 'zustand';
import { useApp } from '../../state/use.ts';
import { Upload } from '../transfer/Upload.tsx';
import { JobLine } from './JobLine.tsx';

/** What is sent from here and all jobs, the newest first. */
export function JobList({ onLeave }: { onLeave?: () => void }) {
  const app = useApp();
  const jobs = useStore(app.jobs.store, (known) => known.jobs);
  const uploads = useStore(app.transfers.store, (known) => known.uploads);
  if (jobs.length + uploads.length === 0)
    return <p className="job-empty">Imports, exports, backups and other long work are listed here while they run.</p>;
  return (
    <ul className="jobs">
      {uploads.toReversed().map((upload) => (
        <li key={upload.id}>
          <Upload upload={upload} />
        </li>
      ))}
      {jobs.toReversed().map((job) => (
        <li key={job.id}>
          <JobLine job={job} onLeave={onLeave} />
        </li>
      ))}
    </ul>
  );
}
