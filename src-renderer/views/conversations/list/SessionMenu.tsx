import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useApp, useConnected } from '../../../state/use.ts';
import { shortcutText } from '../../shortcuts.ts';
import { ExportMenu } from '../../transfer/ExportMenu.tsx';
import { archive, arrange, takeBack, trash } from './arrange.ts';
import type { Row } from './rows.ts';

/** What opened the menu of a session, and where it stands. */
export interface MenuAt {
  row: Row;
  left: number;
  top: number;
}

export type Asking = 'folder' | 'tags' | 'delete';

interface SessionMenuProps {
  at: MenuAt;
  onClose: () => void;
  onRename: (session: string) => void;
  onAsk: (what: Asking, row: Row) => void;
}

/** What can be done with a session of the list: one menu for all of them, where it was asked for. */
export function SessionMenu({ at, onClose, onRename, onAsk }: SessionMenuProps) {
  const app = useApp();
  const connected = useConnected();
  const { row } = at;
  const { pinned, archived, trashed } = row.arrangement;
  const item = (label: string, run: () => void, more: { danger?: boolean; end?: ReactNode } = {}) => (
    <DropdownMenu.Item
      className={more.danger ? 'menu-item error' : 'menu-item'}
      disabled={!connected}
      onSelect={() => run()}
    >
      <span className="grow">{label}</span>
      {more.end}
    </DropdownMenu.Item>
  );
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger
        className="menu-anchor"
        style={{ left: at.left, top: at.top }}
        tabIndex={-1}
        aria-label={`Actions for ${row.title}`}
      />
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="float menu"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          {trashed ? (
            <>
              {item('Restore', () => void takeBack(app, row))}
              {item('Delete for good…', () => onAsk('delete', row), { danger: true })}
            </>
          ) : (
            <>
              {item('Rename', () => onRename(row.id), { end: <kbd>{shortcutText('rename')}</kbd> })}
              {item(pinned ? 'Unpin' : 'Pin', () => void arrange(app, row.id, { pinned: !pinned }))}
              {item('Move to folder…', () => onAsk('folder', row))}
              {item('Tags…', () => onAsk('tags', row))}
              <ExportMenu sessions={[row.id]} />
              {archived
                ? item('Take out of the archive', () => void takeBack(app, row))
                : item('Archive', () => void archive(app, row))}
              {item('Move to trash', () => void trash(app, row), { end: <kbd>{shortcutText('trash')}</kbd> })}
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
