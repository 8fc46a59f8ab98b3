import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import { sessionOf } from '../../state/route.ts';
import { bindingText } from '../../state/targets.ts';
import { useApp, useRoster, useToday } from '../../state/use.ts';
import { Modal } from '../../ui/Dialog.tsx';
import { Matched } from '../../ui/Matched.tsx';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { keptRows, type Row } from '../conversations/list/rows.ts';
import { SessionEnd } from '../conversations/list/SessionEnd.tsx';
import { SessionSign } from '../conversations/list/SessionSign.tsx';
import { askLabel, destinations } from './destinations.ts';
import '../../ui/choice.css';

const SHOWN = 50;

/** Goes to another session, or to somebody to ask. Enter alone goes to the session before this one. */
export function Switcher({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const roster = useRoster();
  const { rows, more, loading } = useStore(app.sessions.store);
  const outbox = useStore(app.outbox.store);
  const visited = useStore(app.visited, ({ sessions }) => sessions);
  const current = useStore(app.route, sessionOf);
  const [query, setQuery] = useState('');
  const found = useMemo(() => {
    const all: Row[] = [...keptRows(outbox, rows), ...rows];
    return destinations({ rows: all, specialists: roster?.specialists ?? [], visited, current, query });
  }, [outbox, rows, roster, visited, current, query]);
  const go = (run: () => void) => () => {
    onClose();
    run();
  };
  const sessions = found.sessions.length > 0 && (
    <Command.Group key="sessions" heading="Sessions">
      {found.sessions.slice(0, SHOWN).map((row) => (
        <SessionChoice
          key={row.id}
          row={row}
          current={row.id === current}
          query={query}
          onGo={go(() => app.goTo(row.id))}
        />
      ))}
    </Command.Group>
  );
  const specialists = found.specialists.length > 0 && (
    <Command.Group key="specialists" heading="New conversation">
      {found.specialists.map((each) => (
        <SpecialistChoice
          key={each.id}
          specialist={each}
          query={query}
          onGo={go(() => app.begin({ specialist: each.id }))}
        />
      ))}
    </Command.Group>
  );
  return (
    <Modal className="commands" label="Go to" onClose={onClose}>
      <Command label="Go to" loop vimBindings={false} shouldFilter={false}>
        <div className="choice-field">
          <Sign name="search" dense />
          <Command.Input placeholder="Session or specialist" value={query} onValueChange={setQuery} data-autofocus />
        </div>
        <Command.List className="choice-list" label="Sessions and specialists">
          <Command.Empty className="choice-empty">Nothing by this name.</Command.Empty>
          {found.specialistsFirst ? [specialists, sessions] : [sessions, specialists]}
          {more && (
            <Command.Item
              value="older sessions"
              className="choice"
              onSelect={() => void app.sessions.loadMore()}
              aria-disabled={loading}
            >
              <Sign name="latest" />
              <span className="grow">{loading ? 'Loading older sessions' : 'Load older sessions'}</span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}

interface ChoiceProps {
  query: string;
  onGo: () => void;
}

function SessionChoice({ row, current, query, onGo }: ChoiceProps & { row: Row; current: boolean }) {
  const today = useToday();
  return (
    <Command.Item value={`session ${row.id}`} className="choice" onSelect={onGo}>
      <SessionSign row={row} />
      <span className="grow cut">
        <Matched text={row.title} query={query} />
      </span>
      {current ? <span className="choice-end">on screen</span> : <SessionEnd row={row} today={today} />}
    </Command.Item>
  );
}

function SpecialistChoice({ specialist, query, onGo }: ChoiceProps & { specialist: SpecialistInfo }) {
  return (
    <Command.Item value={`specialist ${specialist.id}`} className="choice" onSelect={onGo}>
      <Glyph look={specialist.look} />
      <span className="grow cut">
        <Matched text={askLabel(specialist)} query={query} />
      </span>
      <span className="choice-end cut">{bindingText(specialist) ?? 'needs a model'}</span>
    </Command.Item>
  );
}
