import { Popover } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useConnected } from '../../state/use.ts';
import { Running, Sign } from '../../ui/Sign.tsx';
import { JobList } from './JobList.tsx';
import { newsOf } from './news.ts';

/** The entry of the status bar: what runs, or how the last of it ended until somebody looks. Opens the list. */
export function StatusJobs() {
  const app = useApp();
  const connected = useConnected();
  const known = useStore(app.jobs.store);
  const uploads = useStore(app.transfers.store, (transfers) => transfers.uploads);
  const [open, setOpen] = useState(false);
  useEffect(() => app.jobs.show(), [app]);
  const news = newsOf(known, uploads, connected);
  const said = news?.ended;
  useEffect(() => {
    if (said !== undefined) app.say(said);
  }, [app, said]);
  const change = (next: boolean) => {
    setOpen(next);
    if (next) return;
    app.jobs.see();
    app.transfers.see();
  };
  // While the list is open, its entry stays: the list hangs on it.
  if (news === null && !open) return null;
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger className="status-entry">
        {news?.sign === 'running' ? <Running /> : news !== null && <Sign name={news.sign} dense />}
        <span className={news?.sign === 'warn' ? 'cut error' : 'cut'}>{news?.text ?? 'Jobs'}</span>
        {news?.percent != null && <span className="text-3">{news.percent} %</span>}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="float job-list"
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Jobs"
        >
          <h2>Jobs</h2>
          <div className="job-scroll">
            <JobList onLeave={() => change(false)} />
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
