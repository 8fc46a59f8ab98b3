import { Command } from 'cmdk';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../../state/use.ts';
import { Modal } from '../../../ui/Dialog.tsx';
import { byLetters } from '../../../ui/letters.ts';
import { Matched } from '../../../ui/Matched.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { arrange } from './arrange.ts';
import type { Row } from './rows.ts';
import '../../../ui/choice.css';

const LONGEST = 100;

interface ChooseFolderProps {
  /** What the field is called. */
  label: string;
  /** The folder that it is in now. */
  current: string | null;
  /** Shown first, where one can take it out of its folder. */
  none?: string;
  onChoose: (folder: string | null) => void;
  onClose: () => void;
}

/** One of the folders that are there, or a new one by its name. */
function ChooseFolder({ label, current, none, onChoose, onClose }: ChooseFolderProps) {
  const app = useApp();
  const groups = useStore(app.sessions.groups, (now) => now.groups);
  const [query, setQuery] = useState('');
  useEffect(() => {
    app.sessions.loadGroups().catch(() => {});
  }, [app]);
  const folders = groups?.folders.map(({ name }) => name) ?? [];
  const wanted = query.trim();
  const choose = (folder: string | null) => () => {
    onClose();
    if (folder !== current) onChoose(folder);
  };
  return (
    <Modal className="commands" label={label} onClose={onClose}>
      <Command label={label} loop vimBindings={false} filter={byLetters}>
        <div className="choice-field">
          <Sign name="folder" dense />
          <Command.Input
            placeholder={folders.length === 0 ? 'Name of a new folder' : 'Folder, or the name of a new one'}
            value={query}
            onValueChange={setQuery}
            maxLength={LONGEST}
            data-autofocus
          />
        </div>
        <Command.List className="choice-list" label="Folders">
          {folders.length === 0 && wanted === '' && (
            <Command.Item className="choice-empty" value="hint" disabled>
              A folder keeps sessions together in the list. Type the name of the first one.
            </Command.Item>
          )}
          {none !== undefined && current !== null && (
            <Command.Item className="choice" value="none" keywords={[none]} onSelect={choose(null)}>
              <Sign name="close" />
              <span className="grow">{none}</span>
            </Command.Item>
          )}
          {folders.map((name) => (
            <Command.Item
              key={name}
              className="choice"
              value={`folder ${name}`}
              keywords={[name]}
              onSelect={choose(name)}
            >
              <Sign name="folder" />
              <span className="grow cut">
                <Matched text={name} query={query} />
              </span>
              {name === current && <span className="choice-end">is here</span>}
            </Command.Item>
          ))}
          {wanted !== '' && !folders.includes(wanted) && (
            <Command.Item className="choice" value={`make ${wanted}`} keywords={[wanted]} onSelect={choose(wanted)}>
              <Sign name="plus" />
              <span className="grow cut">
                New folder <b>{wanted}</b>
              </span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}

export function FolderDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const app = useApp();
  return (
    <ChooseFolder
      label="Move to folder"
      current={row.arrangement.folder}
      none="Out of its folder"
      onChoose={(folder) => void arrange(app, row.id, { folder })}
      onClose={onClose}
    />
  );
}

/** Other words for a folder; with the name of another one, both become one. */
export function RenameFolderDialog({ folder, onClose }: { folder: string; onClose: () => void }) {
  const app = useApp();
  const rename = async (to: string | null) => {
    const done = await app.act('sessions', 'folders.rename', { from: folder, to });
    if (done !== undefined) app.sessions.show(to === null ? { kind: 'all' } : { kind: 'folder', name: to });
  };
  return (
    <ChooseFolder
      label={`Rename the folder ${folder}`}
      current={folder}
      none="No folder: its sessions stay in the list"
      onChoose={(to) => void rename(to)}
      onClose={onClose}
    />
  );
}
