import { useEffect } from 'react';
import { useStore } from 'zustand';
import { sessionOf } from '../../state/route.ts';
import { useApp } from '../../state/use.ts';
import { pressed } from '../shortcuts.ts';
import { SessionList } from './list/SessionList.tsx';
import { Stage } from './Stage.tsx';
import './conversations.css';

/** The sessions at the left, one of them to read and write in, facts about it at the right. */
export function Conversations() {
  const app = useApp();
  const session = useStore(app.route, sessionOf);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const step = pressed(event, 'nextSession') ? 1 : pressed(event, 'previousSession') ? -1 : 0;
      if (step === 0) return;
      const rows = app.sessions.listed();
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
