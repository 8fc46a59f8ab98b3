import type { TurnNode } from '#shared/domain/session.ts';
import { isRunning, type Speaker } from '#shared/domain/things.ts';

export interface Member {
  key: string;
  speaker: Speaker;
  turns: number;
  /** What it does now. */
  running: string | undefined;
}

/** Who takes part in a branch, the latest speaker first. */
export function membersOf(turns: readonly TurnNode[]): Member[] {
  const members = new Map<string, Member>();
  for (const { speaker, state } of turns) {
    const key = speaker.specialist ?? `${speaker.provider} ${speaker.model}`;
    const turnsBefore = members.get(key)?.turns ?? 0;
    members.delete(key);
    members.set(key, { key, speaker, turns: turnsBefore + 1, running: isRunning(state) ? state : undefined });
  }
  return [...members.values()].reverse();
}
