import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/use.ts';
import { SessionList } from './list/SessionList.tsx';
import { Stage } from './Stage.tsx';
import './conversations.css';

/** The sessions at the left, one of them to read and write in, facts about it at the right. */
export function Conversations() {
  const app = useApp();
  const session = useStore(app.route, (route) => route.session);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step === 0) return;
      const { rows } = app.sessions.store.getState();
      const at = rows.findIndex(({ id }) => id === session);
      const next = rows[at < 0 ? 0 : at + step];
      event.preventDefault();
      if (next !== undefined) app.goTo(next.id);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [app, session]);
  return (
    <div className="conversations">
      <SessionList current={session} />
      <Stage session={session} />
    </div>
  );
}
