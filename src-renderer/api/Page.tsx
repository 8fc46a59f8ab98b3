import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { arrowKeys } from '../ui/arrow-keys.ts';
import { Sign } from '../ui/Sign.tsx';
import '../views/shell/shell.css';
import './api.css';
import type { Known } from './known.ts';
import { grouped, type Operation, operationsOf } from './operations.ts';
import { fetchAs, type Sender } from './send.ts';
import { Trial } from './Trial.tsx';

const description = { method: 'GET', path: '/api/v2/openapi.json', headers: {}, body: null };

/** The key that the sign-in left here; none where storage is closed to pages. */
function keptKey(): string | null {
  try {
    return localStorage.getItem('choragus.key');
  } catch {
    return null;
  }
}

/** Every operation of the API, each with a form to try it. */
export function Page() {
  const [token, setToken] = useState('');
  const [key] = useState(keptKey);
  const sender: Sender = { token, key };
  const { operations, problem, load } = useOperations(sender);
  const [known, setKnown] = useState<Known>({});
  const chosen = useHash();
  const operation = operations.find(({ id }) => id === chosen) ?? operations[0];
  const list = useRef<HTMLElement>(null);
  // The one that is shown may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is shown
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [operation]);
  return (
    <div className="api">
      <header className="title-bar">
        <a className="brand" href="/" aria-label="Choragus">
          <svg aria-hidden="true">
            <use href="#mark" />
          </svg>
          <span>Choragus</span>
        </a>
        <h1 className="api-title">API</h1>
        <span className="grow" />
        <label className="api-token">
          <Sign name="lock" dense />
          <span className="unseen">Access token</span>
          <input
            type="password"
            autoComplete="off"
            spellCheck={false}
            placeholder="As signed in, or an access token"
            onBlur={({ currentTarget }) => setToken(currentTarget.value.trim())}
            onKeyDown={({ key, currentTarget }) => key === 'Enter' && currentTarget.blur()}
          />
        </label>
      </header>
      <nav ref={list} className="api-list" aria-label="Operations" onKeyDown={arrowKeys}>
        {grouped(operations).map(([group, members]) => (
          <section key={group}>
            <h2>{group}</h2>
            {members.map((each) => (
              <a
                key={each.id}
                href={`#${each.id}`}
                className="api-link inset"
                aria-current={each.id === operation?.id ? 'page' : undefined}
                tabIndex={each.id === operation?.id ? 0 : -1}
              >
                <span className="api-method">{each.method}</span>
                <span className="cut">{each.summary}</span>
              </a>
            ))}
          </section>
        ))}
      </nav>
      {operation !== undefined ? (
        <Trial key={operation.id} operation={operation} sender={sender} known={known} onKnown={setKnown} />
      ) : (
        <main className="api-body api-alone">{problem !== null && <Refused problem={problem} onAgain={load} />}</main>
      )}
    </div>
  );
}

function Refused({ problem, onAgain }: { problem: string; onAgain: () => void }) {
  return (
    <div className="error-block" role="alert">
      <Sign name="warn" />
      <div>
        <b>The operations could not be read.</b> {problem}
        <div className="row error-actions">
          <button type="button" className="button small" onClick={onAgain}>
            Try again
          </button>
        </div>
      </div>
    </div>
  );
}

/** Asked for at the beginning, and again with another access token while there are none. */
function useOperations(sender: Sender) {
  const { token, key } = sender;
  const [operations, setOperations] = useState<Operation[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const empty = operations.length === 0;
  const load = useCallback(async () => {
    try {
      const response = await fetchAs({ token, key }, description);
      const answer = await response.json();
      if (response.ok) setOperations(operationsOf(answer));
      else setProblem(`${answer.error.message} ${answer.error.details.next ?? ''}`);
    } catch {
      setProblem('Choragus cannot be reached.');
    }
  }, [token, key]);
  useEffect(() => {
    if (empty) void load();
  }, [empty, load]);
  return { operations, problem, load: () => void load() };
}

const hash = () => location.hash.slice(1);
const onHash = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};
const useHash = () => useSyncExternalStore(onHash, hash);
