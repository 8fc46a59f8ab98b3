import { Command } from 'cmdk';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { appearances } from '../../state/preferences.ts';
import { sessionOf } from '../../state/route.ts';
import { useApp, useRoster } from '../../state/use.ts';
import { Modal } from '../../ui/Dialog.tsx';
import { byLetters } from '../../ui/letters.ts';
import { Matched } from '../../ui/Matched.tsx';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import { SessionSign } from '../conversations/list/SessionSign.tsx';
import { sectionNames } from '../settings/section-names.ts';
import { type ShortcutName, shortcutText } from '../shortcuts.ts';
import { pickImports } from '../transfer/pick.ts';
import '../../ui/choice.css';

const SESSIONS = 50;

interface Entry {
  id: string;
  label: string;
  sign: ReactNode;
  run: () => void;
  end?: ReactNode;
}

/** Everything one can do, by its verb; then the newest sessions. Always in the same place. */
export function Commands({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const show = ({ id, label, sign, run, end }: Entry) => (
    <Command.Item
      key={id}
      value={id}
      keywords={[label]}
      className="choice"
      onSelect={() => {
        onClose();
        run();
      }}
    >
      {sign}
      <span className="grow cut">
        <Matched text={label} query={query} />
      </span>
      <span className="choice-end cut">{end}</span>
    </Command.Item>
  );
  const verbs = useVerbs();
  const sessions = useSessions();
  return (
    <Modal className="commands" label="Commands" onClose={onClose}>
      <Command label="Commands" loop vimBindings={false} filter={byLetters}>
        <div className="choice-field">
          <Sign name="search" dense />
          <Command.Input placeholder="What to do" value={query} onValueChange={setQuery} data-autofocus />
        </div>
        <Command.List className="choice-list" label="Commands">
          <Command.Empty className="choice-empty">Nothing by this name.</Command.Empty>
          <Command.Group heading="Do">{verbs.map(show)}</Command.Group>
          {sessions.length > 0 && <Command.Group heading="Sessions">{sessions.map(show)}</Command.Group>}
        </Command.List>
      </Command>
    </Modal>
  );
}

function useVerbs(): Entry[] {
  const app = useApp();
  const roster = useRoster();
  const verb = (label: string, sign: string, run: () => void, key?: ShortcutName): Entry => ({
    id: label,
    label,
    sign: <Sign name={sign} />,
    run,
    end: key && <kbd>{shortcutText(key)}</kbd>,
  });
  return [
    verb('New conversation', 'plus', () => app.goTo(null), 'newConversation'),
    verb('Search everything', 'search', () => app.dialog.setState({ open: 'search' }), 'search'),
    verb('Go to session or specialist', 'send', () => app.dialog.setState({ open: 'switch' }), 'switch'),
    verb('Show the timeline', 'clock', () => app.goToTimeline(sessionOf(app.route.getState()))),
    verb('Connect a model', 'model', () => app.connectModel()),
    ...(roster?.specialists ?? []).map(
      ({ id, name, role, look, binding }): Entry => ({
        id: `ask ${id}`,
        label: `Ask ${name}`,
        sign: <Glyph look={look} />,
        run: () => app.begin({ specialist: id }),
        end: binding === null ? 'needs a model' : role,
      }),
    ),
    ...appearances.theme.map((theme) =>
      verb(theme === 'system' ? 'Theme as the computer' : `Theme ${theme}`, 'theme', () =>
        app.preferences.setState({ theme }),
      ),
    ),
    verb('Import sessions…', 'down', () => pickImports(app)),
    verb('Export all sessions…', 'send', () => app.dialog.setState({ open: 'export' })),
    verb('Show shortcuts', 'keyboard', () => app.dialog.setState({ open: 'shortcuts' }), 'shortcuts'),
    verb('Settings', 'settings', () => app.goToSettings(), 'settings'),
    ...sectionNames.map(({ id, title }) => verb(`Settings: ${title}`, 'settings', () => app.goToSettings(id))),
  ];
}

function useSessions(): Entry[] {
  const app = useApp();
  const rows = useStore(app.sessions.store, (list) => list.rows);
  return rows.slice(0, SESSIONS).map((row) => ({
    id: row.id,
    label: row.title,
    sign: <SessionSign row={row} />,
    run: () => app.goTo(row.id),
    end: 'session',
  }));
}
