import { memo, useState } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import type { Seam } from '#shared/domain/things.ts';
import { BlockSplitter, finished } from './blocks.ts';
import { withCaret } from './caret.ts';
import { Closed, elements } from './elements.tsx';
import { joinsIn, withSeams } from './seams.ts';
import './markdown.css';

const remark = [remarkGfm];
const none: readonly Seam[] = [];

interface MarkdownProps {
  text: string;
  /** More text may come. */
  live?: boolean;
  /** Shows where it comes. */
  caret?: boolean;
  /** Where a continued answer was joined. */
  seams?: readonly Seam[];
}

/** Markdown that grows: only its last blocks are read and painted again. There is no way in for raw HTML. */
export const Markdown = memo(function Markdown({ text, live = false, caret = false, seams = none }: MarkdownProps) {
  const [splitter] = useState(() => new BlockSplitter());
  const growing = splitter.split(text);
  const blocks = live ? growing : finished(text, growing);
  return (
    <div className="read">
      {blocks.map(({ start, raw, closed }, index) => {
        const end = blocks[index + 1]?.start ?? Number.POSITIVE_INFINITY;
        return (
          <BlockView
            key={start}
            raw={raw}
            closed={closed}
            caret={caret && index === blocks.length - 1}
            start={start}
            end={end}
            seams={seams.some(({ offset }) => offset >= start && offset < end) ? seams : none}
          />
        );
      })}
    </div>
  );
});

interface BlockViewProps {
  raw: string;
  closed: boolean;
  caret: boolean;
  start: number;
  end: number;
  seams: readonly Seam[];
}

const BlockView = memo(function BlockView({ raw, closed, caret, start, end, seams }: BlockViewProps) {
  const joins = joinsIn(seams, start, end);
  return (
    <Closed value={closed}>
      <div className="block">
        <ReactMarkdown
          remarkPlugins={remark}
          rehypePlugins={[[withSeams, joins], ...(caret ? [withCaret] : [])]}
          components={elements}
        >
          {raw}
        </ReactMarkdown>
      </div>
    </Closed>
  );
});
