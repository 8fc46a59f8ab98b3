import { useState } from 'react';
import type { SessionView } from '#shared/domain/session.ts';
import { useApp, useConnected } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';
import { takeBack } from './list/arrange.ts';
import { DeleteDialog } from './list/DeleteDialog.tsx';

/** Says of a session on screen that it is in no list, and how it comes back. */
export function KeptAway({ view }: { view: SessionView }) {
  const app = useApp();
  const connected = useConnected();
  const [deleting, setDeleting] = useState(false);
  const { id, arrangement } = view;
  const { archived, trashed } = arrangement;
  if (!archived && !trashed) return null;
  return (
    <aside className="kept-away" aria-label="Where this session is kept">
      <Sign name={trashed ? 'trash' : 'folder'} dense />
      <p className="grow">
        {trashed ? 'This session is in the trash.' : 'This session is archived.'}{' '}
        <span className="text-3">A message takes it out.</span>
      </p>
      <button type="button" className="button small" disabled={!connected} onClick={() => void takeBack(app, { id })}>
        {trashed ? 'Restore' : 'Take out'}
      </button>
      {trashed && (
        <button type="button" className="button small danger" disabled={!connected} onClick={() => setDeleting(true)}>
          Delete for good…
        </button>
      )}
      {deleting && (
        <DeleteDialog
          row={app.sessions.known(id) ?? { id, title: view.title, messages: null }}
          onClose={() => setDeleting(false)}
        />
      )}
    </aside>
  );
}
