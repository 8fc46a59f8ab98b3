import { useStore } from 'zustand';
import { useApp, useMedia } from '../../state/use.ts';
import { NewConversation } from './NewConversation.tsx';
import { OpenConversation } from './OpenConversation.tsx';

/** Where one reads and writes. */
export function Stage({ session }: { session: string | null }) {
  const app = useApp();
  const wanted = useStore(app.preferences, ({ panel }) => panel);
  const wide = useMedia('(min-width: 1001px)');
  if (session === null) return <NewConversation />;
  return <OpenConversation key={session} session={session} panel={wanted && wide} />;
}
