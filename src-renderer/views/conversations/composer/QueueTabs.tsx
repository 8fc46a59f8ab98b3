import { useState } from 'react';
import type { QueuedMessage, SessionView } from '#shared/domain/session.ts';
import { useApp, useConnected, useOutbox, useTrouble, useWish } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { EditMessage } from '../thread/EditMessage.tsx';
import { isBusy, queuedOutgoing } from '../thread/shown.ts';

/** What goes out when the running turn is done, in order, as tabs on the composer's edge. */
export function QueueTabs({ session, view }: { session: string; view: SessionView }) {
  const outbox = useOutbox(session);
  const connected = useConnected();
  const coming = queuedOutgoing(view, outbox);
  if (view.queue.length + coming.length === 0) return null;
  return (
    <ul className="queue" aria-label="Queue">
      {view.queue.map((message, index) => (
        <QueueTab key={message.id} session={session} message={message} first={index === 0} busy={isBusy(view)} />
      ))}
      {coming.map(({ message, text }) => (
        <li key={message} className="queued">
          <QueueHead first={view.queue.length === 0} />
          <span className="grow cut">{text}</span>
          {!connected && <span className="tag">kept here</span>}
        </li>
      ))}
    </ul>
  );
}

interface QueueTabProps {
  session: string;
  message: QueuedMessage;
  first: boolean;
  busy: boolean;
}

function QueueTab({ session, message, first, busy }: QueueTabProps) {
  const app = useApp();
  const connected = useConnected();
  const { id, to } = message;
  const trouble = useTrouble(id);
  const edit = useWish(id, 'queue.edit');
  const removal = useWish(id, 'queue.remove');
  const text = edit?.text ?? message.text;
  const waits = removal !== undefined ? 'to be removed' : edit !== undefined ? 'kept here' : undefined;
  const [editing, setEditing] = useState(false);
  const save = (changed: string) => {
    setEditing(false);
    if (changed.trim() !== '' && changed !== text)
      void app.act(id, 'queue.edit', { session, message: id, text: changed, to });
  };
  return (
    <li className={editing ? 'queued editing' : 'queued'}>
      {editing ? (
        <EditMessage text={text} done="Save" onDone={save} onCancel={() => setEditing(false)} />
      ) : (
        <>
          <QueueHead first={first} />
          <span className="grow cut" title={text}>
            {text}
          </span>
          {!connected && waits !== undefined && <span className="tag">{waits}</span>}
          <button type="button" className="button bare small" onClick={() => setEditing(true)}>
            Edit
          </button>
          <button
            type="button"
            className="button bare small"
            title={busy ? 'Stops the answer, keeps what came, and sends this' : undefined}
            onClick={() => void app.act(id, 'queue.send', { session, message: id })}
          >
            {busy ? 'Send now as steer' : 'Send now'}
          </button>
          <button
            type="button"
            className="button bare small icon"
            aria-label="Remove"
            onClick={() => void app.act(id, 'queue.remove', { session, message: id })}
          >
            <Sign name="close" dense />
          </button>
        </>
      )}
      {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(id)} />}
    </li>
  );
}

function QueueHead({ first }: { first: boolean }) {
  return (
    <span className="queued-head">
      <Sign name="clock" dense />
      {first ? 'Next' : 'Then'}
    </span>
  );
}
