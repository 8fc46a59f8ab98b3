import { type KeyboardEvent, type MouseEvent, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useApp, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { pressed } from '../../shortcuts.ts';
import { trash } from './arrange.ts';
import { DeleteDialog, EmptyTrashDialog } from './DeleteDialog.tsx';
import { FolderDialog, RenameFolderDialog } from './FolderDialog.tsx';
import { Lines } from './Lines.tsx';
import { ListHead } from './ListHead.tsx';
import { Nothing } from './Nothing.tsx';
import { keptRows, type Row } from './rows.ts';
import { type Asking, type MenuAt, SessionMenu } from './SessionMenu.tsx';
import { TagsDialog } from './TagsDialog.tsx';
import './list.css';

type Dialog = { kind: Asking; row: Row } | { kind: 'folder-name'; folder: string } | { kind: 'empty' };

/** The sessions: all of them in their sections, or one shelf of them; more come while one scrolls. */
export function SessionList({ current }: { current: string | null }) {
  const app = useApp();
  const { shelf, list } = useShelf();
  const { more, ready, problem } = list;
  const rows = useRows();
  const trouble = useTrouble('sessions');
  const [renaming, setRenaming] = useState<string | null>(null);
  const [menu, setMenu] = useState<MenuAt | null>(null);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const rowOf = (target: EventTarget) => {
    const link = (target as Element).closest?.<HTMLElement>('[data-session]');
    const row = rows.find(({ id }) => id === link?.dataset.session);
    return row === undefined || row.kept !== undefined ? undefined : row;
  };
  const openMenu = (row: Row, at: Element) => {
    const { left, bottom } = at.getBoundingClientRect();
    setMenu({ row, left: left + 8, top: bottom - 4 });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target instanceof HTMLAnchorElement ? rowOf(event.target) : undefined;
    if (row === undefined) return;
    const { trashed } = row.arrangement;
    if (pressed(event, 'actions')) openMenu(row, event.currentTarget.querySelector(':focus') ?? event.currentTarget);
    else if (pressed(event, 'rename') && !trashed) setRenaming(row.id);
    else if (pressed(event, 'trash') && trashed) setDialog({ kind: 'delete', row });
    else if (pressed(event, 'trash')) void trash(app, row);
    else return;
    event.preventDefault();
  };
  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const row = rowOf(event.target);
    if (row === undefined) return;
    event.preventDefault();
    // A key asks for it without a place.
    if (event.clientX === 0 && event.clientY === 0) openMenu(row, event.target as Element);
    else setMenu({ row, left: event.clientX, top: event.clientY });
  };
  const closeMenu = () => {
    setMenu(null);
    // Unless what was chosen has taken the focus.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) linkOf(menu?.row)?.focus();
    });
  };
  const ask = (kind: Asking, row: Row) => {
    // That is where the focus goes back to.
    linkOf(row)?.focus();
    setDialog({ kind, row });
  };
  return (
    <nav className="sessions" aria-label="Sessions">
      <ListHead shelf={shelf} onRenameFolder={(folder) => setDialog({ kind: 'folder-name', folder })} />
      {trouble !== undefined && (
        <div className="session-trouble">
          <ProblemLine problem={trouble} onDismiss={() => app.forgive('sessions')} />
        </div>
      )}
      {shelf.kind === 'trash' && rows.length > 0 && (
        <div className="sessions-note">
          <button type="button" className="button small danger" onClick={() => setDialog({ kind: 'empty' })}>
            Empty the trash…
          </button>
        </div>
      )}
      <Lines
        key={JSON.stringify(shelf)}
        rows={rows}
        current={current}
        more={more}
        renaming={renaming}
        onRename={setRenaming}
        onMenu={openMenu}
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        after={
          <>
            {ready && rows.length === 0 && <Nothing shelf={shelf} />}
            {problem !== null && (
              <div className="sessions-empty">
                <ProblemLine problem={problem} />
              </div>
            )}
          </>
        }
      />
      {menu !== null && <SessionMenu at={menu} onClose={closeMenu} onRename={setRenaming} onAsk={ask} />}
      {dialog !== null && <ListDialog dialog={dialog} more={more} onClose={() => setDialog(null)} />}
    </nav>
  );
}

const linkOf = (row: Row | undefined) =>
  document.querySelector<HTMLElement>(`a[data-session="${CSS.escape(row?.id ?? '')}"]`);

function ListDialog({ dialog, more, onClose }: { dialog: Dialog; more: boolean; onClose: () => void }) {
  const app = useApp();
  if (dialog.kind === 'folder-name') return <RenameFolderDialog folder={dialog.folder} onClose={onClose} />;
  if (dialog.kind === 'empty') return <EmptyTrashDialog rows={app.sessions.listed()} more={more} onClose={onClose} />;
  if (dialog.kind === 'folder') return <FolderDialog row={dialog.row} onClose={onClose} />;
  if (dialog.kind === 'tags') return <TagsDialog row={dialog.row} onClose={onClose} />;
  return <DeleteDialog row={dialog.row} onClose={onClose} />;
}

/** What is listed, and how much of it is here. */
function useShelf() {
  const app = useApp();
  const { shelf, list } = useStore(app.sessions.shelf);
  const all = useStore(app.sessions.store);
  return { shelf, list: shelf.kind === 'all' ? all : list };
}

function useRows(): readonly Row[] {
  const app = useApp();
  const { shelf, list } = useStore(app.sessions.shelf);
  const all = useStore(app.sessions.store);
  const pinned = useStore(app.sessions.pinned);
  const outbox = useStore(app.outbox.store);
  return useMemo(() => {
    // Their stores are what the list is made of.
    void list;
    void pinned;
    const kept = shelf.kind === 'all' ? keptRows(outbox, all.rows) : [];
    return [...kept, ...app.sessions.listed()];
  }, [app, shelf, list, all, pinned, outbox]);
}
