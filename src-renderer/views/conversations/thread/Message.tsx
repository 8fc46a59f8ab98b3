import { memo, useState } from 'react';
import type { MessageNode } from '#shared/domain/session.ts';
import type { Outgoing } from '../../../state/outbox.ts';
import { nameOf } from '../../../state/targets.ts';
import { useApp, useConnected, useRoster, useTrouble } from '../../../state/use.ts';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Markdown } from '../../../ui/markdown/Markdown.tsx';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { fullTime, messageTime } from '../../../ui/time.ts';
import { EditMessage } from './EditMessage.tsx';
import { NodeMenu } from './NodeMenu.tsx';
import { PinnedSign } from './PinnedSign.tsx';
import { Siblings } from './Siblings.tsx';
import { type Place, sameButPlace } from './shown.ts';

interface MessageProps {
  session: string;
  node: MessageNode;
  place: Place;
  marked: boolean;
  pinned: boolean;
  today: number;
}

/** What a person said. */
export const Message = memo(function Message({ session, node, place, marked, pinned, today }: MessageProps) {
  const app = useApp();
  const trouble = useTrouble(node.id);
  const [editing, setEditing] = useState(false);
  const reword = (text: string) => {
    setEditing(false);
    if (text.trim() !== '' && text !== node.text) app.reword(session, node.id, text, node.to);
  };
  return (
    <article id={`node-${node.id}`} tabIndex={-1} className={marked ? 'message marked' : 'message'} aria-label="You">
      <span className="avatar" aria-hidden="true">
        <Sign name="you" />
      </span>
      <div className="message-body">
        <div className="by">
          <b>You</b>
          <time className="text-3 small" dateTime={new Date(node.at).toISOString()} title={fullTime(node.at)}>
            {messageTime(node.at, today)}
          </time>
          {pinned && <PinnedSign />}
          <span className="grow" />
          {!editing && (
            <span className="actions">
              <button type="button" className="button bare small" onClick={() => setEditing(true)}>
                Edit
              </button>
              <CopyButton text={() => node.text} what="message" />
              <NodeMenu session={session} node={node} pinned={pinned} />
            </span>
          )}
          <Siblings session={session} node={node.id} place={place} what="wording" />
        </div>
        {editing ? (
          <EditMessage
            key={node.id}
            text={node.text}
            done="Resend"
            hint="The old words stay as another wording."
            onDone={reword}
            onCancel={() => setEditing(false)}
          />
        ) : (
          <div className="own">
            <Markdown text={node.text} />
          </div>
        )}
        {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(node.id)} />}
      </div>
    </article>
  );
}, sameButPlace);

/** A message on its way: kept here, being sent, or refused with the reason and the way on. */
export const OutgoingMessage = memo(function OutgoingMessage({ message }: { message: Outgoing }) {
  const app = useApp();
  const connected = useConnected();
  const roster = useRoster();
  const refused = message.state === 'refused';
  const needsModel = message.problem?.code === 'NEEDS_MODEL';
  return (
    <article className={refused ? 'message' : 'message pending'} aria-label="You">
      <span className="avatar" aria-hidden="true">
        <Sign name="you" />
      </span>
      <div className="message-body">
        <div className="by">
          <b>You</b>
          {!refused && !connected && <span className="tag">kept here</span>}
          {refused && <span className="error small">not sent</span>}
        </div>
        <div className="own">
          <Markdown text={message.text} />
        </div>
        {refused && (
          <div className="error-block message-problem" role="alert">
            <Sign name="warn" />
            <div className="grow">
              <b>{message.problem?.message ?? 'The message was refused.'}</b>
              <p className="text-2">
                {message.problem?.next ?? `${roster ? nameOf(roster, message.to).name : 'It'} has not seen it.`}
              </p>
              <div className="row error-actions">
                {needsModel && (
                  <button type="button" className="button small" onClick={() => app.connectModel()}>
                    Connect a model
                  </button>
                )}
                <button type="button" className="button small" onClick={() => app.outbox.again(message.message)}>
                  Send again
                </button>
                <button type="button" className="button bare small" onClick={() => app.takeBack(message.message)}>
                  Back to the composer
                </button>
              </div>
            </div>
          </div>
        )}
      </div>
    </article>
  );
});
