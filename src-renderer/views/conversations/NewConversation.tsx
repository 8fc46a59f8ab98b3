import { useEffect, useRef } from 'react';
import { useTitle } from '../../state/use.ts';
import { Composer } from './composer/Composer.tsx';
import { FirstWords } from './FirstWords.tsx';

/** Where a conversation begins. */
export function NewConversation() {
  const stage = useRef<HTMLElement>(null);
  // Whoever comes here wants to write, wherever the focus was before.
  useEffect(() => stage.current?.querySelector<HTMLElement>('.composer-field')?.focus(), []);
  useTitle('New conversation');
  return (
    <div className="stage">
      <section className="stage-main" aria-label="New conversation" ref={stage}>
        <header className="stage-head">
          <h1 className="cut">New conversation</h1>
        </header>
        <div className="thread beginning">
          <div className="measure">
            <FirstWords />
          </div>
        </div>
        <Composer session={null} view={null} />
      </section>
    </div>
  );
}
