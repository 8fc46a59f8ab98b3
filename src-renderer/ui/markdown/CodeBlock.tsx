import { memo } from 'react';
import { CopyButton } from '../CopyButton.tsx';
import { type Line, useHighlight } from './highlight.ts';
import './code.css';

interface CodeBlockProps {
  text: string;
  language: string;
  /** What the fence says after the language: a file, a line. */
  title: string;
  closed: boolean;
  caret: boolean;
}

/** A block of code, coloured once it has closed. The colours change nothing but colour. */
export const CodeBlock = memo(function CodeBlock({ text, language, title, closed, caret }: CodeBlockProps) {
  const lines = useHighlight(text, language, closed);
  const name = title || language || 'text';
  return (
    <figure className="code" aria-label={`Code, ${name}`}>
      <div className="code-head">
        <span className="grow cut" title={name}>
          {name}
        </span>
        <CopyButton text={() => text} what="code" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways and has to be reached by keyboard. */}
      <pre tabIndex={0} className="inset">
        <code>
          {lines === null ? text : lines.map((line, index) => coloured(line, index, lines.length))}
          {caret && <span className="caret" />}
        </code>
      </pre>
    </figure>
  );
});

function coloured(line: Line, index: number, count: number) {
  const end = index < count - 1 ? '\n' : '';
  const changed =
    line.length > 0 && line.every(([, tone]) => tone === 'add' || tone === 'del') ? line[0]?.[1] : undefined;
  const pieces = line.map(([text, tone], at) =>
    tone === undefined ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move.
      <span key={at} className={`tone-${tone}`}>
        {text}
      </span>
    ),
  );
  return (
    <span key={index} className={changed === undefined ? undefined : `line-${changed}`}>
      {pieces}
      {end}
    </span>
  );
}
