import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { escaped } from './escaped.ts';

/**
 * Markdown as HTML that does nothing: read by the parser of the window, written here, and only what is named below comes
 * out. There is no way in for raw HTML, links lead to web pages and mail alone, pictures are links.
 */

/** Longer texts, and those that nobody could read for all their nesting, are shown as they are. */
const MOST_UNITS = 200_000;

/** What stays as the element that it is. */
const plain = new Set([
  ...['p', 'strong', 'em', 'del', 'blockquote', 'ul', 'li', 'code', 'sup'],
  ...['table', 'thead', 'tbody', 'tr'],
]);
/** Titles inside an answer stand below the titles of the page. */
const headings: Record<string, string> = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6', h6: 'h6' };

/** `prefix`: of ids in it, for notes; no other text of the page has the same. */
export function markdownHtml(text: string, prefix: string): string {
  if (text.length > MOST_UNITS || isDense(text)) return asItIs(text);
  try {
    const tree = Markdown({
      children: text,
      remarkPlugins: [remarkGfm],
      remarkRehypeOptions: { clobberPrefix: `${prefix}-` },
      urlTransform: (url) => url,
    });
    return new Writer(prefix).write(tree);
  } catch (error) {
    // Thousands of quotes in quotes: the parser goes into each.
    if (error instanceof RangeError) return asItIs(text);
    throw error;
  }
}

const asItIs = (text: string) => `<pre class="plain">${escaped(text)}</pre>`;

/** Of one paragraph: the parser's time grows with the square of what may open or close something in it. */
const MOST_MARKS = 5_000;

/** Lists and quotes that begin in one another on one line. */
const DEEP = /^(?:[ \t]*(?:>|(?:[*+-]|\d{1,9}[.)])[ \t])){50}/;

function isDense(text: string): boolean {
  let marks = 0;
  let fence: string | undefined;
  for (const line of text.split('\n')) {
    const sign = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = sign;
    else if (sign?.startsWith(fence)) fence = undefined;
    // A blank line ends what may be open; in code nothing is.
    if (fence !== undefined || line.trim() === '') marks = 0;
    else marks += line.match(/[!&*<>[\]_`~]/g)?.length ?? 0;
    if (marks > MOST_MARKS || DEEP.test(line)) return true;
  }
  return false;
}

interface Made {
  type: unknown;
  props: Record<string, unknown> & { children?: unknown };
}

class Writer {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  write(node: unknown): string {
    if (typeof node === 'string') return escaped(node);
    if (Array.isArray(node)) return node.map((each) => this.write(each)).join('');
    if (typeof node !== 'object' || node === null || !('props' in node)) return '';
    const { type, props } = node as Made;
    const inner = () => this.write(props.children);
    if (typeof type !== 'string') return inner();
    if (plain.has(type))
      return type === 'table'
        ? `<div class="table"><table>${inner()}</table></div>`
        : `<${type}${this.#id(props)}>${inner()}</${type}>`;
    // The title of the notes: they are seen for what they are.
    if (props.className === 'sr-only') return '';
    const heading = headings[type];
    if (heading !== undefined) return `<${heading}>${inner()}</${heading}>`;
    switch (type) {
      case 'a':
        return this.#link(String(props.href ?? ''), inner(), props);
      case 'img':
        return this.#picture(props);
      case 'pre':
        return code(props);
      case 'br':
      case 'hr':
        return `<${type}>`;
      case 'ol':
        return `<ol${typeof props.start === 'number' ? ` start="${Math.trunc(props.start)}"` : ''}>${inner()}</ol>`;
      case 'th':
      case 'td':
        return `<${type}${alignment(props)}>${inner()}</${type}>`;
      case 'input':
        return props.checked === true ? '<span class="task">✓</span>' : '<span class="task">&nbsp;</span>';
      case 'section':
        return `<div class="notes">${inner()}</div>`;
      default:
        return inner();
    }
  }

  #link(href: string, inner: string, props: Made['props']): string {
    const ownNote = href.startsWith(`#${this.#prefix}-`) && /^#[\w%-]+$/.test(href);
    if (ownNote) return `<a href="${escaped(href)}"${this.#id(props)}>${inner}</a>`;
    const safe = address(href);
    return safe === undefined
      ? `<span>${inner}</span>`
      : `<a href="${escaped(safe)}" rel="noopener noreferrer nofollow" target="_blank">${inner}</a>`;
  }

  #picture({ src, alt }: Made['props']): string {
    const name = typeof alt === 'string' && alt !== '' ? alt : 'picture';
    const safe = typeof src === 'string' ? address(src) : undefined;
    return this.#link(safe ?? '', escaped(safe === undefined ? `[${name}]` : `${name} (picture)`), {});
  }

  #id({ id }: Made['props']): string {
    return typeof id === 'string' && id.startsWith(`${this.#prefix}-`) ? ` id="${escaped(id)}"` : '';
  }
}

/** Of a web page or for mail; nothing else is followed from a file. */
function address(href: string): string | undefined {
  try {
    const { protocol, href: whole } = new URL(href);
    return ['http:', 'https:', 'mailto:'].includes(protocol) ? whole : undefined;
  } catch {
    return undefined;
  }
}

function code({ children }: Made['props']): string {
  const inner = (Array.isArray(children) ? children[0] : children) as Made | undefined;
  const language = /(?:^|\s)language-(\S{1,40})/.exec(String(inner?.props?.className ?? ''))?.[1];
  const title = language === undefined ? '' : `<figcaption>${escaped(language)}</figcaption>`;
  const text = textIn(inner?.props?.children).replace(/\n$/, '');
  return `<figure class="code">${title}<pre><code>${escaped(text)}</code></pre></figure>`;
}

const textIn = (node: unknown): string =>
  typeof node === 'string' ? node : Array.isArray(node) ? node.map(textIn).join('') : '';

function alignment({ style }: Made['props']): string {
  const side = (style as { textAlign?: unknown } | undefined)?.textAlign;
  return side === 'right' || side === 'center' ? ` class="${side}"` : '';
}
