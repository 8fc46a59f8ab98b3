import { useEffect, useMemo, useState } from 'react';
import type { SessionView } from '#shared/domain/session.ts';
import type { Branch } from '#shared/domain/summary.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { type Named, namedBranches } from './branch-words.ts';

export interface Branches {
  branches: readonly Named[];
  /** There may be more than are told. */
  total: number;
}

const none: { branches: readonly Branch[]; total: number } = { branches: [], total: 0 };

/** The branches of the session on screen; asked for anew whenever one begins, grows or is named. */
export function useBranches(session: string, { head, branchNames }: SessionView, ready: boolean): Branches {
  const app = useApp();
  const connected = useConnected();
  const [told, setTold] = useState(none);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the head and the names are when to ask again.
  useEffect(() => {
    if (!connected || !ready) return;
    let here = true;
    app.ask('sessions.branches', { session }).then(
      (answer) => here && setTold(answer),
      // The connection says what is wrong with it.
      () => {},
    );
    return () => {
      here = false;
    };
  }, [app, session, connected, ready, head, branchNames]);
  return useMemo(() => ({ branches: namedBranches(told.branches, told.total), total: told.total }), [told]);
}
