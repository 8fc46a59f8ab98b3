import { useCallback, useEffect, useState } from 'react';
import type { CallResult } from '#shared/contract/contract.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { App } from '../../state/app.ts';
import { useAfter, useApp, useConnected, useRoster } from '../../state/use.ts';
import { leftOutBecause } from '../../state/window.ts';
import { copy } from '../../ui/clipboard.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { count, counted } from '../../ui/format.ts';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { Running, Sign } from '../../ui/Sign.tsx';
import { why } from './words.ts';
import './sent.css';

type Sent = CallResult<'turns.sent'>;

/** Messages that are shown at first, and with each press on the way to more. */
const PAGE = 50;
const MOST = 200;
const COPIED_MS = 1500;

/** The same in a dialog. */
export function SentDialog({ session, turn, onClose }: { session: string; turn: string; onClose: () => void }) {
  return (
    <Dialog title="What was sent" onClose={onClose}>
      <Sent session={session} turn={turn} />
    </Dialog>
  );
}

/** A press away from it. */
export function ShowSent({ session, turn }: { session: string; turn: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <button type="button" className="button small" onClick={() => setShown(true)}>
        Show messages
      </button>
      {isShown && <SentDialog session={session} turn={turn} onClose={() => setShown(false)} />}
    </>
  );
}

/** What was really sent for a turn: system text, parameters, every message and why it was there, what was left out. */
export function Sent({ session, turn }: { session: string; turn: string }) {
  const { sent, problem, more, isReading } = useSent(session, turn);
  if (sent === null) return problem === null ? <Waiting /> : <Unknown problem={problem} />;
  const { messages, total } = sent;
  return (
    <div className="sent">
      <Figures sent={sent} />
      <div className="row sent-tools">
        <Exact exact={sent.exact} />
        <span className="grow" />
        <CopyAll session={session} turn={turn} />
      </div>
      {sent.system !== null && (
        <details className="sent-part">
          <summary>
            <b>System text</b>
            <span className="grow" />
            <Tokens of={sent.sent.system?.tokens ?? 0} sent={sent} />
          </summary>
          <pre>{sent.system}</pre>
        </details>
      )}
      <ol aria-label="Messages">
        {messages.map((message, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their order is what they are.
          <li key={index}>
            <details className="sent-part">
              <summary>
                <b>{message.role}</b>
                <span className="tag">{why[message.why]}</span>
                <span className="grow cut text-2 sent-gist">{gist(message.text)}</span>
                <Tokens of={message.tokens} sent={sent} />
              </summary>
              <pre>{message.text}</pre>
            </details>
          </li>
        ))}
      </ol>
      {messages.length < total && (
        <button type="button" className="button small" disabled={isReading} onClick={more}>
          Show {counted(Math.min(PAGE, total - messages.length), 'more message', 'more messages')}
        </button>
      )}
      {problem !== null && <ProblemLine problem={problem} />}
    </div>
  );
}

const gist = (text: string): string => text.slice(0, 160).replace(/\s+/g, ' ');

function Tokens({ of, sent }: { of: number; sent: Sent }) {
  return (
    <span className="text-3 small sent-tokens">
      {sent.sent.estimated && 'about '}
      {counted(of, 'token')}
    </span>
  );
}

const limits: Record<Sent['sent']['budget']['of'], string> = {
  window: 'that the history window allows',
  model: 'that the model takes beside its answer',
  assumed: 'that the model is assumed to take beside its answer',
};

function Figures({ sent: { sent, total } }: { sent: Sent }) {
  const roster = useRoster();
  const { leftOut, budget, parameters, goesOn } = sent;
  const provider = roster?.providers.find(({ id }) => id === sent.provider)?.name ?? sent.provider;
  const most = `${count(budget.tokens)} ${limits[budget.of]}`;
  const facts: [string, string][] = [
    ['Model', `${sent.model} on ${provider}`],
    ['Size', `${sent.estimated ? 'about ' : ''}${counted(sent.total, 'token')} of ${most}`],
    ['Messages', count(total)],
    [
      'Left out',
      leftOut === null
        ? 'nothing'
        : `${counted(leftOut.messages, 'older message')}, about ${counted(leftOut.tokens, 'token')}. ${leftOutBecause[leftOut.reason]}`,
    ],
    ['Temperature', parameters.temperature === undefined ? 'as the model is set' : String(parameters.temperature)],
    [
      'Longest answer',
      parameters.maxTokens === undefined ? 'as the model is set' : counted(parameters.maxTokens, 'token'),
    ],
  ];
  if (goesOn !== null)
    facts.push(['Goes on', goesOn === 'prefill' ? 'from the beginning of the answer' : 'by a wish to go on']);
  return (
    <dl className="sent-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Exact({ exact }: { exact: boolean }) {
  return exact ? (
    <span className="row small ok" title="Its digest is that of the request that was sent.">
      <Sign name="check" dense />
      Exactly what was sent
    </span>
  ) : (
    <span className="row small warn" title="Its digest differs from that of the request that was sent.">
      <Sign name="warn" dense />
      Not exact: a text that was sent is gone or differs
    </span>
  );
}

function Unknown({ problem }: { problem: ProblemBody }) {
  return (
    <div className="sent">
      <p>{problem.message}</p>
      {problem.next !== undefined && <p className="text-3">{problem.next}</p>}
    </div>
  );
}

function Waiting() {
  return useAfter(300) ? (
    <p className="row text-3">
      <Running /> Putting it together again
    </p>
  ) : null;
}

/** All of it to the clipboard, in the place where it is asked for. */
export function CopyAll({ session, turn }: { session: string; turn: string }) {
  const app = useApp();
  const connected = useConnected();
  const [state, setState] = useState<'copied' | 'asking' | ProblemBody | null>(null);
  const run = async () => {
    setState('asking');
    try {
      await copy(JSON.stringify(await allOf(app, session, turn), null, 2));
      setState('copied');
      app.clock.after(COPIED_MS, () => setState(null));
    } catch (error) {
      setState(Problem.of(error).toBody());
    }
  };
  return (
    <>
      {state !== null && typeof state === 'object' && <ProblemLine problem={state} onDismiss={() => setState(null)} />}
      <button
        type="button"
        className="button small"
        disabled={!connected || state === 'asking'}
        onClick={() => void run()}
      >
        <Sign name={state === 'copied' ? 'check' : 'copy'} dense />
        {state === 'copied' ? 'Copied' : 'Copy as JSON'}
      </button>
    </>
  );
}

/** All pages of it, as one. */
async function allOf(app: App, session: string, turn: string): Promise<Sent> {
  const whole = await app.ask('turns.sent', { session, turn, from: 0, limit: MOST });
  while (whole.messages.length < whole.total) {
    const next = await app.ask('turns.sent', { session, turn, from: whole.messages.length, limit: MOST });
    if (next.messages.length === 0) break;
    whole.messages.push(...next.messages);
  }
  return whole;
}

function useSent(session: string, turn: string) {
  const app = useApp();
  const connected = useConnected();
  const [known, setKnown] = useState<{ of: string; sent: Sent | null; problem: ProblemBody | null }>();
  const [isReading, setReading] = useState(false);
  const of = `${session} ${turn}`;
  const now = known?.of === of ? known : { sent: null, problem: null };
  const { sent } = now;
  const read = useCallback(
    (before: Sent | null) => {
      setReading(true);
      const from = before?.messages.length ?? 0;
      return app.ask('turns.sent', { session, turn, from, limit: PAGE }).then(
        (page) => (before === null ? page : { ...before, messages: [...before.messages, ...page.messages] }),
        (error: unknown) => Problem.of(error).toBody(),
      );
    },
    [app, session, turn],
  );
  const take = useCallback(
    (before: Sent | null, found: Sent | ProblemBody) => {
      setReading(false);
      setKnown('code' in found ? { of, sent: before, problem: found } : { of, sent: found, problem: null });
    },
    [of],
  );
  useEffect(() => {
    if (!connected) return;
    let left = false;
    void read(null).then((found) => left || take(null, found));
    return () => {
      left = true;
    };
  }, [connected, read, take]);
  return { ...now, isReading, more: () => void read(sent).then((found) => take(sent, found)) };
}
