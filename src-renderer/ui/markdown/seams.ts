import type { Seam } from '#shared/domain/things.ts';

/** The part of a syntax tree that matters here; positions count from where the block starts. */
interface Tree {
  type: string;
  tagName?: string;
  value?: string;
  properties?: object;
  position?: { start: { offset?: number }; end: { offset?: number } };
  children?: Tree[];
}

/** A join inside a block. */
interface Join extends Seam {
  /** The first one of the answer: the line in the margin begins here. */
  first: boolean;
}

/** The joins between `start` and `end` of a text, counted from `start`. */
export const joinsIn = (seams: readonly Seam[], start: number, end: number): Join[] =>
  seams
    .map(({ offset, reason }, index) => ({ offset: offset - start, reason, first: index === 0 }))
    .filter(({ offset }) => offset >= 0 && offset < end - start);

/** A rehype plugin: marks where a continued answer was joined, in the middle of a word if need be. */
export function withSeams(joins: readonly Join[]) {
  return (tree: Tree) => {
    for (const join of [...joins].sort((a, b) => b.offset - a.offset)) place(tree, join);
  };
}

/** Down to the text that the join falls into; before code, which is one piece. */
function place(at: Tree, join: Join): void {
  const children = at.children ?? [];
  const found = children.findIndex((child) => endOf(child) >= join.offset);
  const child = children[found];
  if (child === undefined) {
    const last = children.at(-1);
    if (last?.children !== undefined && last.tagName !== 'pre') place(last, join);
    else children.push(mark(join));
  } else if (child.value !== undefined && child.type === 'text') {
    const start = child.position?.start.offset ?? 0;
    const cut = Math.max(0, join.offset - start);
    const before = { ...child, value: child.value.slice(0, cut), position: span(start, join.offset) };
    children.splice(found, 1, before, mark(join), { type: 'text', value: child.value.slice(cut) });
  } else if (child.children !== undefined && child.tagName !== 'pre' && child.tagName !== 'code') place(child, join);
  else children.splice(found, 0, mark(join));
}

/** What has no place of its own (a line break between blocks) is passed over. */
const endOf = ({ position }: Tree): number => position?.end.offset ?? -1;

const span = (start: number, end: number) => ({ start: { offset: start }, end: { offset: end } });

const mark = ({ reason, first }: Join): Tree => ({
  type: 'element',
  tagName: 'span',
  properties: {
    className: first ? ['seam', 'first'] : ['seam'],
    role: 'button',
    tabIndex: 0,
    ariaLabel: `Continued here. ${reason}`,
    dataReason: reason,
  },
  children: [],
});
