import type { CallResult } from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import { fits } from '#shared/wire/frame.ts';
import type { Forks } from '../engines/session/fork.ts';
import { MOST_BRANCHES, type Sessions } from '../engines/session/sessions.ts';
import type { Log } from '../log/log.ts';
import type { Commands } from './commands.ts';
import type { CallHandlers } from './handlers.ts';
import { mustBeThere } from './there.ts';

type Calls = Pick<
  CallHandlers,
  'sessions.select' | 'sessions.nameBranch' | 'sessions.branches' | 'sessions.fork' | 'sessions.path' | 'sessions.nodes'
>;
type Page = CallResult<'sessions.path'>;

const nothing = {};

export interface BranchEngines {
  log: Log;
  sessions: Sessions;
  forks: Forks;
  commands: Commands;
}

/** Branches of a session, what is on them, and copies of them. */
export function branchCalls({ log, sessions, forks, commands }: BranchEngines): Calls {
  return {
    'sessions.select': (params) =>
      commands.once('sessions.select', params, async (remember) => {
        await sessions.select(params.session, params.node, remember(nothing));
        return nothing;
      }),
    'sessions.nameBranch': (params) =>
      commands.once('sessions.nameBranch', params, async (remember) => {
        await sessions.nameBranch(params.session, params.branch, params.name, remember(nothing));
        return nothing;
      }),
    'sessions.branches': async ({ session }) => {
      await mustBeThere(log, session);
      return log.branches(session, MOST_BRANCHES);
    },
    'sessions.fork': (params) => commands.once('sessions.fork', params, (remember) => forks.start(params, remember)),
    'sessions.path': async ({ session, to, around, from, limit }) => {
      const page = await log.path(session, {
        limit,
        ...(to !== undefined && { to }),
        ...(around !== undefined && { around }),
        ...(from !== undefined && { from }),
      });
      if (page !== null) return fitting(page, around ?? (from === undefined ? 'last' : 'first'));
      await mustBeThere(log, session);
      throw new Problem('NOT_FOUND', 'This message is not in the session.', 'Load the session again.');
    },
    'sessions.nodes': async ({ session, nodes }) => {
      await mustBeThere(log, session);
      const page = await log.nodes(session, nodes);
      while (page.nodes.length > 1 && !fits(page)) page.nodes = page.nodes.slice(0, -1);
      return page;
    },
  };
}

/** What of a page fits a frame: from its first node on, up to its last one, or around a node. */
export function fitting(page: Page, keep: string): Page {
  let { from, nodes } = page;
  while (nodes.length > 1 && !fits({ ...page, nodes })) {
    const place = nodes.findIndex(({ id }) => id === keep);
    const few = Math.max(1, nodes.length >> 3);
    const atStart = place < 0 ? keep === 'last' : place >= nodes.length / 2;
    nodes = atStart ? nodes.slice(few) : nodes.slice(0, -few);
    if (atStart) from += few;
  }
  const families = Object.fromEntries(nodes.flatMap(({ id }) => (page.families[id] ? [[id, page.families[id]]] : [])));
  return { ...page, from, nodes, families };
}
