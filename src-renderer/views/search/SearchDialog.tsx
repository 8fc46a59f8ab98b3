import { Command } from 'cmdk';
import { type UIEvent, useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Hit } from '#shared/domain/search.ts';
import { sessionOf } from '../../state/route.ts';
import { useAfter, useApp } from '../../state/use.ts';
import { Modal } from '../../ui/Dialog.tsx';
import { ProblemLine } from '../../ui/ProblemLine.tsx';
import { Running, Sign } from '../../ui/Sign.tsx';
import { Filters } from './Filters.tsx';
import { HitRow, hitKey } from './HitRow.tsx';
import { HowTo, NothingFound } from './Nothing.tsx';
import '../../ui/choice.css';
import './search.css';

/** Pixels above the end of the list at which the next page is asked for. */
const AHEAD = 400;

/** Looks for messages and answers in all sessions, as one types. Enter goes to the one that is marked. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const { search, route } = app;
  const { asked, hits, answered, waiting, more, loading, problem } = useStore(search.store);
  const [marked, setMarked] = useMarked(hits);
  useEffect(() => {
    const { session } = search.store.getState().asked;
    // That was about the session that was on screen then.
    if (session !== null && session !== sessionOf(route.getState())) search.ask({ session: null });
    search.again();
  }, [search, route]);
  const scrolled = ({ currentTarget: list }: UIEvent<HTMLElement>) => {
    if (list.scrollHeight - list.scrollTop - list.clientHeight < AHEAD) void search.loadMore();
  };
  const open = useCallback(
    (hit: Hit) => {
      onClose();
      app.goTo(hit.session, hit.node);
    },
    [app, onClose],
  );
  return (
    <Modal className="search" label="Search everything" onClose={onClose}>
      <Command
        label="Search everything"
        loop={false}
        vimBindings={false}
        shouldFilter={false}
        value={marked}
        onValueChange={setMarked}
      >
        <div className="choice-field">
          <Sign name="search" dense />
          <Command.Input
            placeholder="Search every message and answer"
            value={asked.text}
            maxLength={500}
            onValueChange={(text) => search.ask({ text })}
            onFocus={(event) => event.currentTarget.select()}
            data-autofocus
          />
          {waiting && <Waiting />}
          <button type="button" className="button bare small icon" aria-label="Close" onClick={onClose}>
            <Sign name="close" dense />
          </button>
        </div>
        <Filters asked={asked} onAsk={(change) => search.ask(change)} />
        {problem !== null && (
          <div className="search-problem">
            <ProblemLine problem={problem} />
            <button type="button" className="button small" onClick={() => search.again()}>
              Try again
            </button>
          </div>
        )}
        <Command.List className="choice-list search-hits" label="What was found" onScroll={scrolled} tabIndex={-1}>
          {hits.map((hit, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows stay, and each shows what is found in its place now
            <HitRow key={index} hit={hit} onOpen={open} />
          ))}
          {loading && (
            <p className="search-more">
              <Running /> Loading older ones
            </p>
          )}
          {answered === null && problem === null && !waiting && <HowTo onTry={(text) => search.ask({ text })} />}
          {answered !== null && hits.length === 0 && (
            <NothingFound asked={answered} onAsk={(change) => search.ask(change)} />
          )}
        </Command.List>
        <p className="search-foot" aria-hidden="true">
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> move
          </span>
          <span>
            <kbd>Enter</kbd> open
          </span>
          <span>
            <kbd>Esc</kbd> close
          </span>
        </p>
      </Command>
      <p className="unseen" role="status">
        {answered !== null && !waiting && found(hits.length, more !== null)}
      </p>
    </Modal>
  );
}

/** The first hit of each new answer is marked; what stays when more come in stays marked. */
function useMarked(hits: readonly Hit[]): [string, (key: string) => void] {
  const [marked, setMarked] = useState('');
  const first = hits[0] && hitKey(hits[0]);
  const [before, setBefore] = useState(first);
  if (first !== before) {
    setBefore(first);
    setMarked(first ?? '');
  }
  return [marked === '' ? (first ?? '') : marked, setMarked];
}

function Waiting() {
  return useAfter(300) ? <Running label="Searching" /> : null;
}

function found(hits: number, more: boolean): string {
  if (hits === 0) return 'Nothing found.';
  return more ? `${hits} found, and more below.` : `${hits} found.`;
}
