import { Popover } from 'radix-ui';
import { type FormEvent, useId, useState } from 'react';
import type { SessionView } from '#shared/domain/session.ts';
import type { HistoryWindow, Target } from '#shared/domain/things.ts';
import { nameOf } from '../../../state/targets.ts';
import { useApp, useConnected, useRoster, useTrouble, useWish } from '../../../state/use.ts';
import { kindOf, RANGE, type WindowKind, windowText, within, withKind } from '../../../state/window.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { Choices } from './Choices.tsx';
import './history.css';

const kinds: { kind: WindowKind; label: string }[] = [
  { kind: 'all', label: 'All that fits' },
  { kind: 'exchanges', label: 'Last exchanges' },
  { kind: 'tokens', label: 'Token budget' },
];

interface HistoryToolProps {
  session: string;
  view: SessionView;
  /** It has closed. */
  onDone: () => void;
}

/** How much of what was said goes along with a message. */
export function HistoryTool({ session, view, onDone }: HistoryToolProps) {
  const app = useApp();
  const connected = useConnected();
  const place = `window ${session}`;
  const trouble = useTrouble(place);
  const window = useWish(place, 'sessions.setWindow')?.window ?? view.window;
  const [open, setOpen] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const set = (change: Partial<HistoryWindow>) =>
    void app.act(place, 'sessions.setWindow', { session, window: { ...window, ...change } });
  const change = (next: boolean) => {
    setOpen(next);
    setChoosing(false);
    if (!next) app.forgive(place);
  };
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger className="button bare history-tool" aria-label={`History window: ${windowText(window)}`}>
        <span className="history-what">History window:</span>
        <span className="cut">{windowText(window)}</span>
        <Sign name="down" dense />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={choosing ? 'float picker-list' : 'float history'}
          side="top"
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label="History window"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            onDone();
          }}
        >
          {choosing ? (
            <Choices
              current={window.summarizer ?? undefined}
              onChoose={(summarizer) => {
                set({ summary: true, summarizer });
                setChoosing(false);
              }}
            />
          ) : (
            <fieldset disabled={!connected}>
              <legend>What goes along with a message</legend>
              <Rules window={window} onChange={(next) => set(next)} />
              <Short window={window} onChange={set} onChoose={() => setChoosing(true)} />
              <Forgotten view={view} window={window} onChange={set} />
              {!connected && <p className="small text-3">It can be changed when the connection is back.</p>}
              {trouble !== undefined && <ProblemLine problem={trouble} onDismiss={() => app.forgive(place)} />}
            </fieldset>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Rules({ window, onChange }: { window: HistoryWindow; onChange: (window: HistoryWindow) => void }) {
  const name = useId();
  const current = kindOf(window);
  return (
    <div role="radiogroup" aria-label="How much">
      {kinds.map(({ kind, label }) => (
        <div key={kind} className="history-row">
          <label className="grow">
            <input
              type="radio"
              name={name}
              checked={kind === current}
              onChange={() => onChange(withKind(window, kind))}
            />
            {label}
          </label>
          {kind === current && kind !== 'all' && (
            <Amount
              key={`${kind} ${window[kind]}`}
              kind={kind}
              label={kind === 'exchanges' ? 'Exchanges' : 'Tokens'}
              value={window[kind] ?? RANGE[kind].min}
              onValue={(value) => onChange({ ...window, [kind]: value })}
            />
          )}
        </div>
      ))}
      <p className="small text-3 history-hint">
        {current === 'exchanges'
          ? 'An exchange is a message with its answers; the one you write is the newest.'
          : current === 'tokens'
            ? 'Of the whole request. Only whole exchanges are sent.'
            : 'As much as the model takes, with room for its answer.'}
      </p>
    </div>
  );
}

interface AmountProps {
  kind: 'exchanges' | 'tokens';
  label: string;
  value: number;
  onValue: (value: number) => void;
}

/** Taken when one leaves it, or with Enter. */
function Amount({ kind, label, value, onValue }: AmountProps) {
  const [typed, setTyped] = useState(String(value));
  const take = () => {
    const wanted = within(kind, typed);
    setTyped(String(wanted ?? value));
    if (wanted !== null && wanted !== value) onValue(wanted);
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    // A form around the composer is not meant.
    event.stopPropagation();
    take();
  };
  return (
    <form onSubmit={onSubmit}>
      <input
        className="field history-amount"
        inputMode="numeric"
        aria-label={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={take}
      />
    </form>
  );
}

interface PartProps {
  window: HistoryWindow;
  onChange: (change: Partial<HistoryWindow>) => void;
}

/** Whether what falls out is told in short, and by whom. */
function Short({ window, onChange, onChoose }: PartProps & { onChoose: () => void }) {
  const roster = useRoster();
  const { summary, summarizer } = window;
  const by = (target: Target) => (roster === null ? '' : nameOf(roster, target).name);
  return (
    <div className="history-part">
      <div className="history-row">
        <label className="grow">
          <input type="checkbox" checked={summary} onChange={() => onChange({ summary: !summary })} />
          Tell what falls out in short
        </label>
      </div>
      {summary && (
        <div className="history-row small text-2">
          <span className="grow cut">
            {summarizer === null ? 'Sentences picked without a model' : `By ${by(summarizer)}`}
          </span>
          {summarizer !== null && (
            <button type="button" className="button bare small" onClick={() => onChange({ summarizer: null })}>
              Without a model
            </button>
          )}
          <button type="button" className="button small" onClick={onChoose}>
            {summarizer === null ? 'By a specialist' : 'Change'}
          </button>
        </div>
      )}
    </div>
  );
}

function Forgotten({ view, window, onChange }: PartProps & { view: SessionView }) {
  const { since } = window;
  const { head } = view;
  return (
    <div className="history-part history-row">
      <span className="grow small text-2">
        {since === null ? 'Everything from the beginning counts.' : 'What came before a point is forgotten.'}
      </span>
      {since !== null && (
        <button type="button" className="button bare small" onClick={() => onChange({ since: null })}>
          Remember again
        </button>
      )}
      {head !== null && head !== since && (
        <button type="button" className="button small" onClick={() => onChange({ since: head })}>
          Forget what came before
        </button>
      )}
    </div>
  );
}
