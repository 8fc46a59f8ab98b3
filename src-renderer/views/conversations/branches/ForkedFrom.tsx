import { useStore } from 'zustand';
import { sessionHref } from '../../../state/route.ts';
import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';

/** The way to the session that this one was copied from. */
export function ForkedFrom({ session }: { session: string }) {
  const app = useApp();
  const title = useStore(app.sessions.store, () => app.sessions.known(session)?.title);
  return (
    <a className="forked-from" href={sessionHref(session)} title={title}>
      <Sign name="branch" dense />
      <span className="cut">forked from {title ?? 'another session'}</span>
    </a>
  );
}
