import { useStore } from 'zustand';
import type { Job } from '#shared/domain/jobs.ts';
import { useApp } from '../../../state/use.ts';

/** The newest job of a kind. */
export const useJob = (kind: Job['kind']): Job | undefined =>
  useStore(useApp().jobs.store, ({ jobs }) => jobs.findLast((job) => job.kind === kind));

/** Changes when what lies on the disk may have changed: a job ended, or the window is connected to another log. */
export function useDiskChanges(): string {
  const app = useApp();
  const epoch = useStore(app.connection, ({ hello }) => hello?.epoch ?? '');
  const ended = useStore(app.jobs.store, ({ jobs }) =>
    jobs
      .filter(({ state, kind }) => state !== 'running' && kind !== 'export' && kind !== 'check')
      .map(({ id }) => id)
      .join(' '),
  );
  return `${epoch} ${ended}`;
}
