import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Shelf } from '../../../state/sessions.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { count } from '../../../ui/format.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { shortcutText } from '../../shortcuts.ts';

interface ListHeadProps {
  shelf: Shelf;
  onRenameFolder: (name: string) => void;
}

/** What the list shows, the way to what else it can show, and the beginning of something new. */
export function ListHead({ shelf, onRenameFolder }: ListHeadProps) {
  const app = useApp();
  return (
    <div className="sessions-head">
      {shelf.kind !== 'all' && (
        <button
          type="button"
          className="button bare icon small"
          aria-label="All sessions"
          onClick={() => app.sessions.show({ kind: 'all' })}
        >
          <Sign name="left" dense />
        </button>
      )}
      <h2 className="grow cut" title={titleOf(shelf)}>
        {titleOf(shelf)}
      </h2>
      <ListMenu shelf={shelf} onRenameFolder={onRenameFolder} />
      <button
        type="button"
        className="button small"
        title={`New conversation, ${shortcutText('newConversation')}`}
        onClick={() => app.goTo(null)}
      >
        <Sign name="plus" dense />
        New
      </button>
    </div>
  );
}

const titles = { all: 'Sessions', archived: 'Archive', trash: 'Trash' };

const titleOf = (shelf: Shelf): string => ('name' in shelf ? shelf.name : titles[shelf.kind]);

function ListMenu({ shelf, onRenameFolder }: ListHeadProps) {
  const app = useApp();
  const connected = useConnected();
  const [open, setOpen] = useState(false);
  const groups = useStore(app.sessions.groups, (now) => now.groups);
  useEffect(() => {
    // What goes wrong with it is wrong with the connection; what was known before is shown.
    if (open && connected) app.sessions.loadGroups().catch(() => {});
  }, [app, open, connected]);
  const choice = (label: string, to: Shelf, members: number | undefined) => (
    <DropdownMenu.RadioItem className="menu-item" key={`${to.kind} ${label}`} value={keyOf(to)}>
      <Mark />
      <span className="grow cut">{label}</span>
      {members !== undefined && <span className="text-3 small">{members === 0 ? 'none' : count(members)}</span>}
    </DropdownMenu.RadioItem>
  );
  const shelves: Shelf[] = [
    { kind: 'all' },
    { kind: 'archived' },
    { kind: 'trash' },
    ...(groups?.folders ?? []).map(({ name }): Shelf => ({ kind: 'folder', name })),
    ...(groups?.tags ?? []).map(({ name }): Shelf => ({ kind: 'tag', name })),
  ];
  const show = (key: string) => {
    const found = shelves.find((each) => keyOf(each) === key);
    if (found !== undefined) app.sessions.show(found);
  };
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={setOpen}>
      <DropdownMenu.Trigger className="button bare icon small" aria-label="What the list shows">
        <Sign name="more" dense />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="float menu shelves" align="start" sideOffset={4} collisionPadding={8}>
          <DropdownMenu.RadioGroup value={keyOf(shelf)} onValueChange={show}>
            {choice('All sessions', { kind: 'all' }, undefined)}
            {groups !== null && groups.folders.length > 0 && <p className="menu-label">Folders</p>}
            {groups?.folders.map(({ name, sessions }) => choice(name, { kind: 'folder', name }, sessions))}
            {groups !== null && groups.tags.length > 0 && <p className="menu-label">Tags</p>}
            {groups?.tags.map(({ name, sessions }) => choice(name, { kind: 'tag', name }, sessions))}
            <DropdownMenu.Separator className="menu-line" />
            {choice('Archive', { kind: 'archived' }, groups?.archived)}
            {choice('Trash', { kind: 'trash' }, groups?.trashed)}
          </DropdownMenu.RadioGroup>
          {shelf.kind === 'folder' && (
            <>
              <DropdownMenu.Separator className="menu-line" />
              <DropdownMenu.Item
                className="menu-item"
                disabled={!connected}
                onSelect={() => onRenameFolder(shelf.name)}
              >
                Rename this folder…
              </DropdownMenu.Item>
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

const keyOf = (shelf: Shelf) => ('name' in shelf ? `${shelf.kind} ${shelf.name}` : shelf.kind);

function Mark() {
  return (
    <span className="menu-mark">
      <DropdownMenu.ItemIndicator>
        <Sign name="check" dense />
      </DropdownMenu.ItemIndicator>
    </span>
  );
}
