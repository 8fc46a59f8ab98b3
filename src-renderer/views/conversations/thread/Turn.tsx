import { memo } from 'react';
import type { TurnNode } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import type { Figures } from '../../../state/figures.ts';
import { useApp, useConnected, useLook, useTrouble } from '../../../state/use.ts';
import { Markdown } from '../../../ui/markdown/Markdown.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Glyph } from '../../../ui/Sign.tsx';
import { fullTime } from '../../../ui/time.ts';
import { Failure } from './Failure.tsx';
import { Foot } from './Foot.tsx';
import { PinnedSign } from './PinnedSign.tsx';
import { Reasoning } from './Reasoning.tsx';
import { Siblings } from './Siblings.tsx';
import { type Place, sameButPlace } from './shown.ts';
import { Waiting } from './Waiting.tsx';

interface TurnProps {
  session: string;
  node: TurnNode;
  place: Place;
  figures: Figures | undefined;
  marked: boolean;
  pinned: boolean;
}

/** What one AI answers, from the wait for its place to its end. */
export const Turn = memo(function Turn({ session, node, place, figures, marked, pinned }: TurnProps) {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(node.id);
  const look = useLook(node.speaker);
  const { speaker, state, text, reasoning, seams, buffered } = node;
  const running = isRunning(state);
  const streaming = state === 'streaming';
  return (
    <article
      id={`node-${node.id}`}
      tabIndex={-1}
      className={marked ? 'message marked' : 'message'}
      data-sp={look?.colour}
      aria-label={speaker.name}
      aria-busy={running && connected}
    >
      <span className="avatar" aria-hidden="true">
        <Glyph look={look} />
      </span>
      <div className="message-body">
        <div className="by">
          <b title={`${speaker.name}, ${fullTime(node.at)}`}>{speaker.name}</b>
          {speaker.offline ? (
            <>
              <span className="tag">offline model</span>
              {speaker.name !== speaker.model && <span className="text-3 small cut">{speaker.model}</span>}
            </>
          ) : (
            <span className="text-3 small cut">{about(node)}</span>
          )}
          {buffered && (
            <span className="tag" title="This model cannot stream: its answer comes whole.">
              buffered
            </span>
          )}
          {pinned && <PinnedSign />}
          <span className="grow" />
          <Siblings session={session} node={node.id} place={place} what="try" />
        </div>
        {reasoning !== '' && (
          <Reasoning key={`reasoning ${node.id}`} node={node} live={streaming && connected && text === ''} />
        )}
        {text !== '' && (
          <Markdown
            key={`text ${node.id}`}
            text={text}
            live={running}
            caret={streaming && connected && !buffered}
            seams={seams}
          />
        )}
        {running && connected && !(streaming && (text !== '' || reasoning !== '')) && (
          <Waiting key={`waiting ${node.id} ${node.attempt}`} node={node} />
        )}
        {state === 'failed' && <Failure key={`failure ${node.id}`} session={session} node={node} />}
        {(state !== 'failed' || text !== '') && (
          <Foot session={session} node={node} figures={figures} pinned={pinned} />
        )}
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(node.id)} />}
      </div>
    </article>
  );
}, sameButPlace);

/** Model and provider; a plain model is its own name. */
function about({ speaker }: TurnNode): string {
  return speaker.name === speaker.model ? `on ${speaker.providerName}` : `${speaker.model} on ${speaker.providerName}`;
}
