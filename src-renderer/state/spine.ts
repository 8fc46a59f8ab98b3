import type { Node, SessionView } from '#shared/domain/session.ts';

/**
 * The branch on screen by place: how long it is, and which node stands where as far as that is known. Places are steps
 * from the root. A node that is named here may have been let go of since.
 */
export interface Spine {
  head: string | null;
  /** Null: not known, because the head is not here or hangs on what is not here. */
  length: number | null;
  at: ReadonlyMap<number, string>;
}

export const noSpine: Spine = { head: null, length: 0, at: new Map() };

/** A page of a path as the server tells it. */
export interface Page {
  head: string;
  length: number;
  from: number;
  nodes: readonly Node[];
  families: Readonly<Record<string, readonly string[]>>;
}

/**
 * The branch of a view, going on from what was known before: where the two meet, the rest of the way to the root is the
 * same. Pure.
 */
export function spineOf(view: Pick<SessionView, 'head' | 'nodes'>, before: Spine): Spine {
  if (view.head === null) return noSpine;
  const head = nodeIn(view, view.head);
  if (head?.depth == null) return before.head === view.head ? before : { head: view.head, length: null, at: new Map() };
  const at = new Map<number, string>();
  let lowest = head;
  for (let node: Node | undefined = head; node?.depth != null; node = nodeIn(view, node.parent)) {
    if (before.at.get(node.depth) === node.id && before.head !== null)
      return joined(view.head, head.depth, at, before, node.depth);
    at.set(node.depth, node.id);
    lowest = node;
  }
  const place = (lowest.depth ?? 0) - 1;
  if (lowest.parent !== null && before.at.get(place) === lowest.parent)
    return joined(view.head, head.depth, at, before, place);
  return { head: view.head, length: head.depth + 1, at };
}

/** From `place` on downwards to the root it is what it was. */
function joined(head: string, depth: number, above: Map<number, string>, before: Spine, place: number): Spine {
  if (above.size === 0 && before.head === head) return before;
  for (const [each, id] of before.at) if (each <= place) above.set(each, id);
  return { head, length: depth + 1, at: above };
}

/** With what a page tells of this branch. */
export function withPage(spine: Spine, page: Page): Spine {
  if (page.head !== spine.head) return spine;
  const at = new Map(spine.at);
  for (const [index, { id }] of page.nodes.entries()) at.set(page.from + index, id);
  return { head: spine.head, length: page.length, at };
}

export const nodeIn = ({ nodes }: Pick<SessionView, 'nodes'>, id: string | null): Node | undefined =>
  id !== null && Object.hasOwn(nodes, id) ? nodes[id] : undefined;
