import { Command } from 'cmdk';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import { NEW } from '../../state/app.ts';
import { themes } from '../../state/preferences.ts';
import { useApp, useRoster } from '../../state/use.ts';
import { Modal } from '../../ui/Dialog.tsx';
import { Matched } from '../../ui/Matched.tsx';
import { Glyph, Sign } from '../../ui/Sign.tsx';
import '../../ui/choice.css';

const SESSIONS = 50;

/** Everything one can do, by its verb; then the newest sessions. Always in the same place. */
export function Commands({ onClose }: { onClose: () => void }) {
  const app = useApp();
  const roster = useRoster();
  const rows = useStore(app.sessions.store, (list) => list.rows);
  const [query, setQuery] = useState('');
  const item = (label: string, sign: ReactNode, run: () => void, end = '', id = label) => (
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
  const ask = (specialist: string) => {
    app.drafts.write(NEW, { to: { specialist } });
    app.goTo(null);
  };
  return (
    <Modal className="commands" label="Commands" onClose={onClose}>
      <Command label="Commands" loop>
        <div className="choice-field">
          <Sign name="search" dense />
          <Command.Input placeholder="What to do" value={query} onValueChange={setQuery} data-autofocus />
        </div>
        <Command.List className="choice-list" label="Commands">
          <Command.Empty className="choice-empty">Nothing by this name.</Command.Empty>
          <Command.Group heading="Do">
            {item('New conversation', <Sign name="plus" />, () => app.goTo(null))}
            {item('Connect a model', <Sign name="model" />, () => app.dialog.setState({ open: 'models' }))}
            {roster?.specialists.map(({ id, name, role, binding }) =>
              item(`Ask ${name}`, <Glyph of={id} />, () => ask(id), binding === null ? 'needs a model' : role),
            )}
            {themes.map((theme) =>
              item(theme === 'system' ? 'Theme as the computer' : `Theme ${theme}`, <Sign name="theme" />, () =>
                app.preferences.setState({ theme }),
              ),
            )}
          </Command.Group>
          {rows.length > 0 && (
            <Command.Group heading="Sessions">
              {rows
                .slice(0, SESSIONS)
                .map(({ id, title, last }) =>
                  item(
                    title,
                    last === null ? <Sign name="clock" /> : <Glyph of={last.speaker.specialist} />,
                    () => app.goTo(id),
                    'session',
                    id,
                  ),
                )}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}
