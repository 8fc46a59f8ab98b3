import { type Asked, everything, isNarrowed } from '../../state/search.ts';

const examples = [
  { query: 'retry abort', does: 'has both words; of the last one the beginning is enough' },
  { query: '"abort signal"', does: 'has these words, one after the other' },
  { query: 'stream* error', does: 'has a word that begins with stream' },
];

/** What can be asked, each example ready to be tried. */
export function HowTo({ onTry }: { onTry: (query: string) => void }) {
  return (
    <div className="search-empty">
      <p>Finds every message and every answer of all sessions, on any branch. Case and accents do not matter.</p>
      <dl>
        {examples.map(({ query, does }) => (
          <div key={query}>
            <dt>
              <button type="button" className="button small mono" onClick={() => onTry(query)}>
                {query}
              </button>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

export function NothingFound({ asked, onAsk }: { asked: Asked; onAsk: (change: Partial<Asked>) => void }) {
  const narrowed = isNarrowed(asked);
  return (
    <div className="search-empty">
      <p>
        <b>Nothing found for</b> <span className="search-asked">{asked.text.trim()}</span>
        {narrowed ? <b> with these filters.</b> : <b>.</b>}
      </p>
      <p className="text-2">
        {narrowed
          ? 'It may be somewhere else.'
          : 'All words must be in one message. Try fewer words, or the beginning of one.'}
      </p>
      {(narrowed || !asked.trashed) && (
        <p className="row">
          {narrowed && (
            <button
              type="button"
              className="button small"
              onClick={() => onAsk({ ...everything, trashed: asked.trashed })}
            >
              Search everything
            </button>
          )}
          {!asked.trashed && (
            <button type="button" className="button small" onClick={() => onAsk({ trashed: true })}>
              Look in the trash too
            </button>
          )}
        </p>
      )}
    </div>
  );
}
