import { useEffect, useRef, useState } from 'react';
import { CopyButton } from '../ui/CopyButton.tsx';
import { saveKeys } from '../views/settings/forms/save-keys.ts';
import { Answer } from './Answer.tsx';
import { FieldRow } from './FieldRow.tsx';
import { type Known, learn } from './known.ts';
import type { Operation } from './operations.ts';
import { Prose } from './Prose.tsx';
import { curlOf, faultsOf, requestOf, type Values } from './request.ts';
import { type Exchange, type Sender, send } from './send.ts';

interface TrialProps {
  operation: Operation;
  sender: Sender;
  known: Known;
  onKnown: (change: (known: Known) => Known) => void;
}

/** One operation: what it does, its form, and what came back. */
export function Trial({ operation, sender, known, onKnown }: TrialProps) {
  const { fields, method, path, summary, description } = operation;
  const [typed, setTyped] = useState<Values>({});
  const [tried, setTried] = useState(false);
  const [exchange, setExchange] = useState<Exchange | null>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const values = Object.fromEntries(
    fields.map(({ name, required, example }) => [name, typed[name] ?? (required ? (known[name] ?? example) : '')]),
  );
  const faults = faultsOf(operation, values);
  const request = requestOf(operation, Object.keys(faults).length === 0 ? values : without(values, faults));

  const submit = async () => {
    setTried(true);
    const [first] = Object.keys(faults);
    if (first !== undefined) return document.getElementById(`field-${first}`)?.focus();
    running.current?.abort();
    const leaving = new AbortController();
    running.current = leaving;
    let last: Exchange | undefined;
    const show = perFrame((latest: Exchange) => {
      if (running.current === leaving) setExchange(latest);
    });
    await send(sender, request, leaving.signal, (latest) => {
      last = latest;
      show(latest);
    });
    onKnown((now) => (last === undefined ? now : learn(now, last)));
  };
  const under = exchange !== null && (exchange.state === 'waiting' || exchange.state === 'streaming');

  return (
    <main className="api-trial" aria-label={summary}>
      <form
        className="api-form"
        noValidate
        onKeyDown={saveKeys}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className="api-head">
          <h2 className="grow cut">{summary}</h2>
          {under && (
            <button type="button" className="button" onClick={() => running.current?.abort()}>
              Hang up
            </button>
          )}
          <button type="submit" className="button primary">
            Send
          </button>
        </header>
        <div className="api-body">
          <p className="api-path mono">
            <b>{method}</b> {path}
          </p>
          <Prose text={description} />
          {fields.map((field) => (
            <FieldRow
              key={`${field.place} ${field.name}`}
              field={field}
              value={values[field.name] ?? ''}
              known={known[field.name]}
              fault={tried ? faults[field.name] : undefined}
              onValue={(value) => setTyped({ ...typed, [field.name]: value })}
            />
          ))}
          <section className="api-curl" aria-label="The same with curl">
            <header className="row">
              <h3 className="grow">With curl</h3>
              <CopyButton text={() => curlOf(request, location.origin)} what="the curl command" />
            </header>
            <pre className="mono">{curlOf(request, location.origin)}</pre>
          </section>
        </div>
      </form>
      <Answer exchange={exchange} />
    </main>
  );
}

const without = (values: Values, names: object): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !(name in names)));

/** The newest only, once a frame. */
function perFrame<T>(show: (latest: T) => void): (latest: T) => void {
  let latest: T;
  let waiting = false;
  return (value) => {
    latest = value;
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      show(latest);
    });
  };
}
