import type { TurnNode } from '#shared/domain/session.ts';
import { isRunning } from '#shared/domain/things.ts';
import type { Figures } from '../../../state/figures.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { shortcutText } from '../../shortcuts.ts';
import { Curve } from './Curve.tsx';
import { endFacts, lastSeen, liveFacts } from './facts.ts';
import { NodeMenu } from './NodeMenu.tsx';
import { RetryWith } from './RetryWith.tsx';

interface FootProps {
  session: string;
  node: TurnNode;
  figures: Figures | undefined;
  pinned: boolean;
}

/** The line below an answer: what it measures, and what can be done with it. It never changes its height. */
export function Foot({ session, node, figures, pinned }: FootProps) {
  const app = useApp();
  const connected = useConnected();
  const { id, state, finish, text } = node;
  if (isRunning(state))
    return (
      <div className="foot">
        {!connected && <Facts facts={lastSeen(node)} />}
        {connected && state === 'streaming' && !node.buffered && (
          <>
            {figures !== undefined && <Curve values={figures.curve} />}
            <Facts facts={liveFacts(figures, text.length)} />
          </>
        )}
        <span className="grow" />
        <button
          type="button"
          className="button small"
          title={connected ? undefined : 'No connection. It can be stopped when it is back.'}
          disabled={!connected}
          onClick={() => void app.act(id, 'turns.stop', { session, turn: id })}
        >
          <Sign name="stop" dense />
          Stop <kbd>{shortcutText('stop')}</kbd>
        </button>
      </div>
    );
  const broken = state === 'stopped' || state === 'interrupted' || (state === 'done' && finish === 'length');
  const retry = () => void app.act(id, 'turns.retry', { session, turn: id });
  return (
    <div className="foot">
      <Facts facts={endFacts(node)} warn={state === 'interrupted' || finish === 'length'} />
      <span className="grow" />
      <span className="actions">
        {text !== '' && <CopyButton text={() => text} what="answer" />}
        {!broken && state !== 'failed' && (
          <button type="button" className="button bare small" onClick={retry}>
            <Sign name="retry" dense />
            Retry
          </button>
        )}
        <RetryWith session={session} node={node} />
        <NodeMenu session={session} node={node} pinned={pinned} />
      </span>
      {broken && text !== '' && (
        <button
          type="button"
          className="button small"
          onClick={() => void app.act(id, 'turns.continue', { session, turn: id })}
        >
          Continue
        </button>
      )}
      {broken && (
        <button type="button" className="button small" onClick={retry}>
          Retry
        </button>
      )}
    </div>
  );
}

function Facts({ facts, warn = false }: { facts: readonly string[]; warn?: boolean }) {
  return (
    <span className="facts cut">
      {facts.map((fact, index) => (
        <span key={fact} className={warn && index === 0 ? 'warn' : undefined}>
          {fact}
        </span>
      ))}
    </span>
  );
}
