/** The part of a syntax tree that matters here. */
interface Tree {
  type: string;
  tagName?: string;
  value?: string;
  properties?: object;
  children?: Tree[];
}

/** Elements into which the caret goes on to the last of what they hold. */
const inside = new Set(['p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'em', 'strong', 'del', 'a']);
const headings = /^h[1-6]$/;

/** A rehype plugin: sets the block caret behind the last character. */
export function withCaret() {
  return (tree: Tree) => {
    let at = tree;
    for (;;) {
      const last = at.children?.findLast((child) => child.type !== 'text' || child.value?.trim() !== '');
      if (last?.tagName === undefined || !(inside.has(last.tagName) || headings.test(last.tagName))) break;
      at = last;
    }
    at.children?.push({ type: 'element', tagName: 'span', properties: { className: ['caret'] }, children: [] });
  };
}
