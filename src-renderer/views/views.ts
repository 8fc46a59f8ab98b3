import { lazy } from 'react';
import { Conversations } from './conversations/Conversations.tsx';

const loadTimeline = () => import('./timeline/Timeline.tsx');
const loadSettings = () => import('./settings/Settings.tsx');

/** The views that exist, as the title bar names them. */
export const views = [
  { id: 'conversations', title: 'Conversations', View: Conversations },
  { id: 'timeline', title: 'Timeline', View: lazy(async () => ({ default: (await loadTimeline()).Timeline })) },
  { id: 'settings', title: 'Settings', View: lazy(async () => ({ default: (await loadSettings()).Settings })) },
] as const;

/** Fetches ahead what the first view does not need, so that it is here when the connection is not. */
export const loadAhead = () => {
  // Whoever opens that view is told.
  for (const load of [loadTimeline, loadSettings]) load().catch(() => {});
};
