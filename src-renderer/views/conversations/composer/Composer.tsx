import { type FormEvent, type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { MAX_TEXT } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/domain/session.ts';
import { NEW } from '../../../state/app.ts';
import { draftOf } from '../../../state/drafts.ts';
import { nameOf } from '../../../state/targets.ts';
import { useApp, useConnected, useRoster } from '../../../state/use.ts';
import { count } from '../../../ui/format.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { pressed } from '../../shortcuts.ts';
import { isBusy } from '../thread/shown.ts';
import { CannotAnswer } from './CannotAnswer.tsx';
import { HistoryTool } from './HistoryTool.tsx';
import { Picker } from './Picker.tsx';
import { QueueTabs } from './QueueTabs.tsx';
import { useTo } from './useTo.ts';
import './composer.css';

const NOBODY_KNOWN = 'Can be sent once there is a connection. What you write is kept.';

/** Where one writes. `view` is the session that it goes to; without one the message begins a conversation. */
export function Composer({ session, view }: { session: string | null; view: SessionView | null }) {
  const app = useApp();
  const key = session ?? NEW;
  const draft = useStore(app.drafts.store, (drafts) => draftOf(drafts, key));
  const roster = useRoster();
  const connected = useConnected();
  const field = useRef<HTMLTextAreaElement>(null);
  const note = useRef<HTMLDivElement>(null);
  const reason = useId();
  useLayoutEffect(() => app.drafts.adopt(key), [app, key]);
  useFirstFocus(field);

  const to = useTo(key, view);
  const named = roster === null || to === undefined ? undefined : nameOf(roster, to);
  const busy = view !== null && isBusy(view);
  const over = draft.text.length - MAX_TEXT;
  const empty = draft.text.trim() === '' || over > 0;
  const mute = named !== undefined && named.state !== 'ready';

  const send = (whileRunning: 'queue' | 'steer') => {
    if (empty || to === undefined) return;
    if (mute) return note.current?.querySelector('button')?.focus();
    app.send({ session, text: draft.text, to, whileRunning });
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While an input method composes a word, Enter belongs to it.
    if (!pressed(event, 'send') || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send('queue');
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    send(busy ? 'steer' : 'queue');
  };

  return (
    <div className="dock">
      <div className="measure">
        {mute && to !== undefined && <CannotAnswer ref={note} named={named} to={to} />}
        {view !== null && session !== null && <QueueTabs session={session} view={view} />}
        <form className="composer" onSubmit={onSubmit}>
          <textarea
            ref={field}
            className="composer-field"
            data-home
            aria-label="Message"
            placeholder={named === undefined ? 'Write a message' : `Ask ${named.name}`}
            value={draft.text}
            rows={1}
            onChange={(event) => app.drafts.write(key, { text: event.target.value })}
            onKeyDown={onKeyDown}
          />
          <div className="composer-tools">
            <Picker
              to={to}
              onChoose={(target) => app.drafts.write(key, { to: target })}
              onDone={() => field.current?.focus()}
            />
            {view !== null && session !== null && view.head !== null && (
              <HistoryTool session={session} view={view} onDone={() => field.current?.focus()} />
            )}
            <span className="grow" />
            {over > 0 ? (
              <span className="small error" role="alert">
                {count(over)} letters too long
              </span>
            ) : (
              !connected && (
                <span id={reason} className="small text-3 cut">
                  {to === undefined ? NOBODY_KNOWN : 'No connection. Kept here, and sent when it is back.'}
                </span>
              )
            )}
            {busy && (
              <button
                type="button"
                className="button"
                disabled={empty || to === undefined}
                onClick={() => send('queue')}
              >
                Queue
              </button>
            )}
            <button
              type="submit"
              className="button primary icon"
              aria-label="Send"
              title={to === undefined ? NOBODY_KNOWN : busy ? 'Send now: stops the answer and keeps what came' : 'Send'}
              aria-describedby={connected ? undefined : reason}
              disabled={empty || to === undefined}
              aria-disabled={mute}
            >
              <Sign name="send" />
            </button>
          </div>
        </form>
      </div>
    </div>
  );
}

/** The first thing one does here is write, unless one came by keyboard from elsewhere. */
function useFirstFocus(field: { current: HTMLTextAreaElement | null }): void {
  useLayoutEffect(() => {
    if (document.activeElement === document.body || document.activeElement === null) field.current?.focus();
  }, [field]);
}
