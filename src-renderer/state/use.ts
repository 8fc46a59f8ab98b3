import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { CallParams } from '#shared/contract/contract.ts';
import type { ProblemBody } from '#shared/domain/problem.ts';
import type { Roster, SessionSummary } from '#shared/domain/summary.ts';
import type { Look, Speaker } from '#shared/domain/things.ts';
import { secondsUntil } from '../ui/format.ts';
import { nextMidnight } from '../ui/time.ts';
import { type App, type CommandName, wishKey } from './app.ts';
import { lookOf, sessionLook } from './looks.ts';
import type { OpenSession } from './open.ts';
import type { Outgoing } from './outbox.ts';

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('There is no app around this view.');
  return app;
}

export const useRoster = (): Roster | null => useStore(useApp().roster, (each) => each.roster);
/** Colour and glyph of who speaks, by the roster of now. */
export const useLook = (speaker: Pick<Speaker, 'specialist' | 'look'>): Look | undefined =>
  useStore(
    useApp().roster,
    useShallow(({ roster }) => lookOf(roster, speaker)),
  );
export const useConnected = (): boolean => useStore(useApp().connection, ({ state }) => state.kind === 'connected');
export const useSessionLook = (session: Pick<SessionSummary, 'last' | 'to'>): Look | undefined =>
  useStore(
    useApp().roster,
    useShallow(({ roster }) => sessionLook(roster, session)),
  );
/** What only a desktop can do; undefined in a browser. */
export const useDesktop = () => useStore(useApp().connection, ({ hello }) => hello?.host ?? undefined);
export const useTrouble = (place: string): ProblemBody | undefined =>
  useStore(useApp().troubles, (troubles) => troubles[place]);
/** What the newest such command of a place asks for, while it is under way. */
export const useWish = <M extends CommandName>(place: string, method: M): CallParams<M> | undefined =>
  useStore(useApp().wishes, (wishes) => wishes[wishKey(place, method)] as CallParams<M> | undefined);

/** Messages on their way to a session. */
export function useOutbox(session: string): readonly Outgoing[] {
  const all = useStore(useApp().outbox.store);
  return useMemo(() => all.filter((each) => each.session === session), [all, session]);
}

/** A session on screen: followed as long as the view is there. One that the server does not know yet is not asked for. */
export function useOpenSession(session: string): OpenSession | undefined {
  const app = useApp();
  const unborn = useStore(app.outbox.store, (all) =>
    all.some((each) => each.session === session && each.begins && each.state !== 'sent'),
  );
  useEffect(() => (unborn ? undefined : app.open.show(session)), [app, session, unborn]);
  return useStore(app.open.store, (open) => open[session]);
}

/** Seconds until a moment, counted down; nothing ticks when there is none. */
export function useCountdown(moment: number | undefined): number | undefined {
  const { clock } = useApp();
  const [, tick] = useState(0);
  const left = moment === undefined ? undefined : secondsUntil(moment, clock.now());
  useEffect(() => {
    if (moment === undefined || left === undefined || left === 0) return;
    return clock.after(Math.max(20, moment - clock.now() - (left - 1) * 1000), () => tick((count) => count + 1));
  });
  return left;
}

/** True when something has been so for `ms`: signs of waiting do not flash. */
export function useAfter(ms: number): boolean {
  const { clock } = useApp();
  const [late, setLate] = useState(false);
  useEffect(() => clock.after(ms, () => setLate(true)), [clock, ms]);
  return late;
}

/** A moment of today; changes at midnight, when groups and times are named anew. */
export function useToday(): number {
  const { clock } = useApp();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => clock.after(nextMidnight(now) - clock.now() + 1000, () => setNow(clock.now())), [clock, now]);
  return now;
}

/** A moment of now that is at most `ms` old. */
export function useNow(ms: number): number {
  const { clock } = useApp();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => clock.after(now + ms - clock.now(), () => setNow(clock.now())), [clock, ms, now]);
  return now;
}

/** What the window is called. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Choragus`;
  }, [title]);
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener('change', changed);
      return () => list.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}
