import type { App } from '../../../state/app.ts';
import { sessionOf } from '../../../state/route.ts';

/**
 * Makes a session of its own from the path to a node, or from what the session showed after an event, and shows it once
 * it is whole. The status bar tells how far it is; who has gone elsewhere meanwhile is told that it is there.
 */
export async function fork(
  app: App,
  session: string,
  at: { node: string } | { seq: number },
  place: string,
): Promise<void> {
  const into = app.newId();
  const started = await app.act(place, 'sessions.fork', { session, into, at });
  if (started === undefined) return;
  const leave = app.jobs.show();
  const job = await app.jobs.ended(started.job);
  leave();
  if (job.state === 'failed' && job.problem !== null) app.troubles.setState({ [place]: job.problem });
  if (job.state !== 'done') return;
  app.say('The fork is made.');
  if (sessionOf(app.route.getState()) === session) app.goTo(into);
  else app.toasts.show('The fork is made', { label: 'Show', run: () => app.goTo(into) });
}
