import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { lookOf } from '../../state/looks.ts';
import type { FollowedTimeline } from '../../state/timeline/follow.ts';
import { useApp, useConnected, useMedia } from '../../state/use.ts';
import { type Parts, Screen } from './screen.ts';
import { Stage } from './stage.ts';

/** The column with the names of the lanes, in pixels. */
export const LABEL = 136;

/** Followed as long as the view is there. */
export function useTimeline(session: string): FollowedTimeline | undefined {
  const app = useApp();
  useEffect(() => app.timelines.show(session), [app, session]);
  return useStore(app.timelines.store, (all) => all[session]);
}

/** The stage of a session; another one when all was told from the beginning. */
export function useStage(session: string, followed: FollowedTimeline | undefined): Stage | undefined {
  const app = useApp();
  const timeline = followed?.timeline;
  const stage = useMemo(() => {
    if (timeline === undefined) return undefined;
    return new Stage(timeline, () => {
      if (app.connection.getState().state.kind !== 'connected') return null;
      return app.clock.now() + (app.timelines.store.getState()[session]?.skew ?? 0);
    });
  }, [app, session, timeline]);
  const version = followed?.version;
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when more is there
  useEffect(() => stage?.draw(), [stage, version]);
  return stage;
}

/** Draws a stage in these elements, in the colours of now. */
export function useScreen(stage: Stage, partsOf: () => Parts): { readonly current: Screen | null } {
  const app = useApp();
  const screen = useRef<Screen>(null);
  const parts = useRef(partsOf);
  useEffect(() => {
    const drawn = new Screen(stage, parts.current(), {
      colourOf: ({ speaker }) => (speaker === null ? undefined : lookOf(app.roster.getState().roster, speaker)?.colour),
      label: LABEL,
    });
    screen.current = drawn;
    return () => drawn.leave();
  }, [app, stage]);
  const theme = useStore(app.preferences, (chosen) => `${chosen.theme} ${chosen.density} ${chosen.text}`);
  const dark = useMedia('(prefers-color-scheme: dark)');
  const roster = useStore(app.roster, (each) => each.roster);
  const connected = useConnected();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what its colours depend on
  useEffect(() => {
    // The page has the new theme with the next frame.
    const asked = requestAnimationFrame(() => screen.current?.recolour());
    return () => cancelAnimationFrame(asked);
  }, [theme, dark, roster, connected]);
  return screen;
}
