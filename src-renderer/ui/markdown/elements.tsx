import { type ComponentProps, createContext, type MouseEvent, useContext } from 'react';
import type { Components, ExtraProps } from 'react-markdown';
import { Sign } from '../Sign.tsx';
import { CodeBlock } from './CodeBlock.tsx';

/** Nothing that may still come changes the block around. */
export const Closed = createContext(true);

type Props<Tag extends keyof React.JSX.IntrinsicElements> = ComponentProps<Tag> & ExtraProps;

/** Links of our own stay in this window; notes are looked up in this text; everything else opens outside. */
function Link({ href = '', children }: Props<'a'>) {
  // What leads somewhere dangerous has lost its address on the way.
  if (href === '') return <span>{children}</span>;
  if (href.startsWith('#/'))
    return (
      <a className="accent" href={href}>
        {children}
      </a>
    );
  if (href.startsWith('#'))
    return (
      <a className="accent" href={href} onClick={toNote}>
        {children}
      </a>
    );
  return (
    <a className="accent" href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function toNote(event: MouseEvent<HTMLAnchorElement>) {
  event.preventDefault();
  const id = event.currentTarget.getAttribute('href')?.slice(1) ?? '';
  event.currentTarget
    .closest('.read')
    ?.querySelector(`#${CSS.escape(id)}`)
    ?.scrollIntoView({ block: 'nearest' });
}

/** Pictures are never loaded from elsewhere by themselves: that would tell somebody that this is being read. */
function Picture({ src, alt }: Props<'img'>) {
  const name = alt || 'picture';
  if (typeof src !== 'string' || !/^https?:/.test(src)) return <span className="text-3">[{name}]</span>;
  return (
    <a className="accent" href={src} target="_blank" rel="noreferrer noopener">
      {name} ({new URL(src).host})
    </a>
  );
}

function Code({ node }: Props<'pre'>) {
  const closed = useContext(Closed);
  const code = node?.children[0];
  if (code?.type !== 'element') return null;
  const text = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('');
  const classes = code.properties.className;
  const fence = Array.isArray(classes) ? classes.find((each) => String(each).startsWith('language-')) : undefined;
  const title = (code.data as { meta?: string | null } | undefined)?.meta ?? '';
  return (
    <CodeBlock
      text={text.replace(/\n$/, '')}
      language={String(fence ?? '').slice('language-'.length)}
      title={title}
      closed={closed}
      caret={code.children.some((child) => child.type === 'element')}
    />
  );
}

function Table({ children }: Props<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways and has to be reached by keyboard.
    <figure className="table inset" tabIndex={0} aria-label="Table">
      <table>{children}</table>
    </figure>
  );
}

function Task({ checked }: Props<'input'>) {
  return (
    <span className="task" role="img" aria-label={checked ? 'done' : 'open'}>
      {checked && <Sign name="check" dense />}
    </span>
  );
}

/** Titles inside an answer stand below the titles of the page. */
export const elements: Components = {
  a: Link,
  img: Picture,
  pre: Code,
  table: Table,
  input: Task,
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
};
