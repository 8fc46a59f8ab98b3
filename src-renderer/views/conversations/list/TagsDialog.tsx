import { Command } from 'cmdk';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useWish } from '../../../state/use.ts';
import { Modal } from '../../../ui/Dialog.tsx';
import { byLetters } from '../../../ui/letters.ts';
import { Matched } from '../../../ui/Matched.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { arrange, placeOf } from './arrange.ts';
import type { Row } from './rows.ts';
import '../../../ui/choice.css';

const LONGEST = 50;
const MOST = 20;

/** Puts tags on a session and takes them off, one after the other; it stays open until it is closed. */
export function TagsDialog({ row, onClose }: { row: Row; onClose: () => void }) {
  const app = useApp();
  const groups = useStore(app.sessions.groups, (now) => now.groups);
  const listed = useStore(app.sessions.store, () => app.sessions.known(row.id)?.arrangement.tags);
  const tags = useWish(placeOf(row.id), 'sessions.arrange')?.tags ?? listed ?? row.arrangement.tags;
  const [query, setQuery] = useState('');
  useEffect(() => {
    app.sessions.loadGroups().catch(() => {});
  }, [app]);
  const known = [...new Set([...tags, ...(groups?.tags.map(({ name }) => name) ?? [])])];
  const wanted = query.trim();
  const full = tags.length >= MOST;
  const toggle = (tag: string) => () => {
    setQuery('');
    const on = tags.includes(tag);
    if (!on && full) return;
    void arrange(app, row.id, { tags: on ? tags.filter((each) => each !== tag) : [...tags, tag] });
  };
  return (
    <Modal className="commands" label={`Tags of ${row.title}`} onClose={onClose}>
      <Command label="Tags" loop vimBindings={false} filter={byLetters}>
        <div className="choice-field">
          <Sign name="tag" dense />
          <Command.Input
            placeholder={full ? `${MOST} tags are the most` : 'Tag, or a new one'}
            value={query}
            onValueChange={setQuery}
            maxLength={LONGEST}
            data-autofocus
          />
        </div>
        <Command.List className="choice-list" label="Tags">
          {known.length === 0 && wanted === '' && (
            <Command.Item className="choice-empty" value="hint" disabled>
              Tags find sessions again that lie in different folders. Type the first one.
            </Command.Item>
          )}
          {known.map((tag) => (
            <Command.Item key={tag} className="choice" value={`tag ${tag}`} keywords={[tag]} onSelect={toggle(tag)}>
              <Sign name={tags.includes(tag) ? 'check' : 'tag'} />
              <span className="grow cut">
                <Matched text={tag} query={query} />
              </span>
              <span className="choice-end">{tags.includes(tag) ? 'on it' : ''}</span>
            </Command.Item>
          ))}
          {wanted !== '' && !known.includes(wanted) && (
            <Command.Item className="choice" value={`make ${wanted}`} keywords={[wanted]} onSelect={toggle(wanted)}>
              <Sign name="plus" />
              <span className="grow cut">
                New tag <b>{wanted}</b>
              </span>
            </Command.Item>
          )}
        </Command.List>
      </Command>
    </Modal>
  );
}
