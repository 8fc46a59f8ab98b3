import { memo, useState } from 'react';
import ReactMarkdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import type { Seam } from '#shared/domain/things.ts';
import { BlockSplitter, finished } from './blocks.ts';
import { withCaret } from './caret.ts';
import { Closed, elements } from './elements.tsx';
import './markdown.css';

const remark = [remarkGfm];
const rehypeLive = [withCaret];
const rehypeStill: [] = [];

interface MarkdownProps {
  text: string;
  /** More text may come. */
  live?: boolean;
  /** Shows where it comes. */
  caret?: boolean;
  seams?: readonly Seam[];
}

/** Markdown that grows: only its last blocks are read and painted again. There is no way in for raw HTML. */
export const Markdown = memo(function Markdown({ text, live = false, caret = false, seams = [] }: MarkdownProps) {
  const [splitter] = useState(() => new BlockSplitter());
  const growing = splitter.split(text);
  const blocks = live ? growing : finished(text, growing);
  return (
    <div className="read">
      {blocks.map((block, index) => {
        const next = blocks[index + 1]?.start ?? Number.POSITIVE_INFINITY;
        const seam = seams.find(({ offset }) => offset >= block.start && offset < next);
        return (
          <BlockView
            key={block.start}
            raw={block.raw}
            closed={block.closed}
            caret={caret && index === blocks.length - 1}
            seam={seam?.reason}
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
  seam: string | undefined;
}

const BlockView = memo(function BlockView({ raw, closed, caret, seam }: BlockViewProps) {
  return (
    <Closed value={closed}>
      <div className={seam === undefined ? 'block' : 'block seamed'}>
        {seam !== undefined && <SeamMark reason={seam} />}
        <ReactMarkdown remarkPlugins={remark} rehypePlugins={caret ? rehypeLive : rehypeStill} components={elements}>
          {raw}
        </ReactMarkdown>
      </div>
    </Closed>
  );
});

/** Where a continued answer was joined: a dotted line in the margin that says why. */
function SeamMark({ reason }: { reason: string }) {
  return (
    <button type="button" className="seam" aria-label={`Continued here. ${reason}`}>
      <span className="seam-reason" aria-hidden="true">
        Continued here. {reason}
      </span>
    </button>
  );
}
