import { type FocusEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ProviderInfo, Roster } from '#shared/domain/summary.ts';
import { useTrouble } from '../../../../state/use.ts';
import { count } from '../../../../ui/format.ts';
import { ProblemLine } from '../../../../ui/ProblemLine.tsx';
import { rowKeys } from '../../../../ui/row-keys.ts';
import { Sign } from '../../../../ui/Sign.tsx';
import { ModelRow } from './ModelRow.tsx';
import { modelsPlace } from './use-for.ts';
import { matches, ordered, toldOf, usersOf } from './used.ts';

/** More rows than these are shown when one asks for them. */
const SHOWN = 100;

/** What a provider offers, and who works with it. */
export function Models({ provider, roster }: { provider: ProviderInfo; roster: Roster }) {
  const { id, offline, models } = provider;
  const [query, setQuery] = useState('');
  const [all, setAll] = useState(false);
  const [at, setAt] = useState<string>();
  const body = useRef<HTMLTableSectionElement>(null);
  const trouble = useTrouble(modelsPlace(id));
  // Who uses what when one comes here sets the order: no row moves while one looks at it.
  const [used] = useState(
    () => new Set(models.filter((each) => usersOf(roster.specialists, id, each.id).length > 0).map((each) => each.id)),
  );
  const found = useMemo(
    () => ordered(models, used).filter((model) => matches(model, query.trim())),
    [models, used, query],
  );
  const told = useMemo(() => toldOf(provider), [provider]);
  const shown = all ? found : found.slice(0, SHOWN);
  const tabStop = shown.find((each) => each.id === at)?.id ?? shown[0]?.id;
  // The first one more takes the focus of the button that is gone.
  useEffect(() => {
    if (all) body.current?.rows[SHOWN]?.querySelector('button')?.focus();
  }, [all]);
  return (
    <section className="models" aria-labelledby={`models-${id}`}>
      <div className="row models-head">
        <h2 className="part-title" id={`models-${id}`}>
          Models
        </h2>
        <span className="text-3 grow" role="status">
          {models.length > 0 &&
            (query === '' ? count(models.length) : `${count(found.length)} of ${count(models.length)}`)}
        </span>
        {models.length > 8 && (
          <label className="models-find">
            <Sign name="search" dense />
            <input
              type="search"
              aria-label="Find a model"
              placeholder="Find a model"
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            />
          </label>
        )}
      </div>
      {trouble !== undefined && <ProblemLine problem={trouble} />}
      {models.length === 0 ? (
        <p className="text-3 models-none">None are known yet.</p>
      ) : found.length === 0 ? (
        <p className="text-3 models-none">No model by this name.</p>
      ) : (
        <table className={offline ? 'offline' : undefined} aria-labelledby={`models-${id}`}>
          <thead>
            <tr>
              <th scope="col">Model</th>
              {offline && <th scope="col">What it does</th>}
              {told.context && (
                <th scope="col" className="figure">
                  Context
                </th>
              )}
              {told.features && (
                <th scope="col" className="models-features">
                  Features
                </th>
              )}
              <th scope="col" className="models-users">
                Used by
              </th>
              <td className="models-use" />
            </tr>
          </thead>
          <tbody
            ref={body}
            onKeyDownCapture={rowKeys}
            // What a button opens is in no row.
            onFocus={({ target }: FocusEvent) => setAt((before) => target.closest('tr')?.dataset.model ?? before)}
          >
            {shown.map((model) => (
              <ModelRow
                key={model.id}
                provider={provider}
                model={model}
                told={told}
                specialists={roster.specialists}
                tabStop={model.id === tabStop}
              />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < found.length && (
        <button type="button" className="button bare small models-more" onClick={() => setAll(true)}>
          Show all {count(found.length)}
        </button>
      )}
    </section>
  );
}
