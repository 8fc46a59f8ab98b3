import { count } from './format.ts';

/** Days of the calendar, not of 24 hours: what was said at 23:59 is yesterday's two minutes later. */
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' });

type Group = 'Today' | 'Yesterday' | 'Last week' | 'Earlier';

function daysAgo(at: number, now: number): number {
  const midnight = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(at)) / 86_400_000);
}

export function groupOf(at: number, now: number): Group {
  const days = daysAgo(at, now);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return days <= 7 ? 'Last week' : 'Earlier';
}

/** The shortest that is clear beside its group: `10:41`, `Sat`, `3 Nov`, `3 Nov 2025`. */
export function shortTime(at: number, now: number): string {
  const days = daysAgo(at, now);
  if (days <= 0) return time.format(at);
  if (days <= 7) return weekday.format(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayOfYear.format(at);
}

/** Beside a message: the time of day, with the day when it was not today. */
export const messageTime = (at: number, now: number): string =>
  daysAgo(at, now) <= 0 ? time.format(at) : `${shortTime(at, now)}, ${time.format(at)}`;

/** Of what lasts since: `just now`, `12 min ago`, `3 h ago`, `2 days ago`. The clock of the server may be ahead. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? '1 day ago' : `${count(days)} days ago`;
}

export const fullTime = (at: number): string => full.format(at);

/** When the names of the groups change next. */
export const nextMidnight = (now: number): number => new Date(now).setHours(24, 0, 0, 0);
