import { useState } from 'react';
import { useStore } from 'zustand';
import { EXPORT } from '../../state/transfers.ts';
import { useApp, useConnected, useTrouble } from '../../state/use.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { JobLine } from '../jobs/JobLine.tsx';
import { Part } from '../settings/SettingsPage.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { pickImports } from './pick.ts';
import { Upload } from './Upload.tsx';
import './transfer.css';

/** A part of Settings: all sessions into a file, and back from one; how far that is, and what came of it. */
export function Transfer() {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(EXPORT);
  const [exporting, setExporting] = useState(false);
  const jobs = useStore(app.jobs.store, (known) => known.jobs);
  const uploads = useStore(app.transfers.store, (known) => known.uploads);
  const mine = jobs.filter(({ kind }) => kind === 'import' || kind === 'export').slice(-5);
  return (
    <Part
      title="Export and import"
      note="An export as JSON has all of a session and can be imported again, here or on another computer. A file can also be dropped anywhere on this window."
    >
      <div className="row">
        <button type="button" className="button" disabled={!connected} onClick={() => setExporting(true)}>
          Export all…
        </button>
        <button type="button" className="button" disabled={!connected} onClick={() => pickImports(app)}>
          Import…
        </button>
      </div>
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(EXPORT)} />}
      {uploads.length + mine.length > 0 && (
        <ul className="jobs transfer-jobs">
          {uploads.toReversed().map((upload) => (
            <li key={upload.id}>
              <Upload upload={upload} />
            </li>
          ))}
          {mine.toReversed().map((job) => (
            <li key={job.id}>
              <JobLine job={job} />
            </li>
          ))}
        </ul>
      )}
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </Part>
  );
}
