import type { Shelf } from '../../../state/sessions.ts';

/** What belongs where nothing is. */
export function Nothing({ shelf }: { shelf: Shelf }) {
  return <p className="sessions-empty">{words(shelf)}</p>;
}

function words(shelf: Shelf): string {
  switch (shelf.kind) {
    case 'all':
      return 'Every conversation is kept here. It begins with your first message.';
    case 'archived':
      return 'Nothing is archived. What is done with and worth keeping goes here; a new message takes it out again.';
    case 'trash':
      return 'The trash is empty. What you throw away stays here until you empty it, or for as long as Settings, Data says.';
    case 'folder':
      return 'No session is in this folder any more. A folder is there as long as a session is in it.';
    case 'tag':
      return 'No session has this tag any more.';
  }
}
