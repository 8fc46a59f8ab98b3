import type { EventData, NewEvent } from '#shared/domain/events.ts';
import { Problem } from '#shared/domain/problem.ts';
import { arranged } from '#shared/domain/session.ts';
import type { Arrangement } from '#shared/domain/things.ts';
import type { SessionShape } from '../../log/log.ts';

/** Deciding where a session is kept. Pure, as in `decide.ts`. */

export type Rearrangement = { [K in keyof Arrangement]?: Arrangement[K] | undefined };

/** What of it is new; no event where nothing is. Tags stand once each, in the order in which they were given. */
export function arrange({ arrangement }: SessionShape, wish: Rearrangement): NewEvent[] {
  const wanted = arranged(arrangement, wish.tags === undefined ? wish : { ...wish, tags: [...new Set(wish.tags)] });
  const data: EventData<'session.arranged'> = {
    ...(wanted.pinned !== arrangement.pinned && { pinned: wanted.pinned }),
    ...(wanted.folder !== arrangement.folder && { folder: wanted.folder }),
    ...(wanted.tags.join('\n') !== arrangement.tags.join('\n') && { tags: wanted.tags }),
    ...(wanted.archived !== arrangement.archived && { archived: wanted.archived }),
    ...(wanted.trashed !== arrangement.trashed && { trashed: wanted.trashed }),
  };
  return Object.keys(data).length === 0 ? [] : [{ type: 'session.arranged', data }];
}

/** Whoever writes into a session wants it back: it leaves the archive and the trash in the same step. */
export const waking = (shape: SessionShape): NewEvent[] => arrange(shape, { archived: false, trashed: false });

/** `now`: the name that the branch has; undefined when no branch begins with this node. */
export function nameBranch(branch: string, name: string | null, now: string | null | undefined): NewEvent[] {
  if (now === undefined)
    throw new Problem('NOT_FOUND', `No branch of this session begins with ${branch}.`, 'Choose one from the list.');
  return now === name ? [] : [{ type: 'branch.named', data: { branch, name } }];
}
