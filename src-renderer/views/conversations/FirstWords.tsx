import { useStore } from 'zustand';
import type { Roster } from '#shared/domain/summary.ts';
import type { Target } from '#shared/domain/things.ts';
import { NEW } from '../../state/app.ts';
import { draftOf } from '../../state/drafts.ts';
import { onlyOffline } from '../../state/targets.ts';
import { useApp, useRoster } from '../../state/use.ts';
import { Glyph } from '../../ui/Sign.tsx';
import { type Example, examplesFor } from './examples.ts';

/** Before the first message: what belongs here, with examples that can be sent as they are. */
export function FirstWords() {
  const app = useApp();
  const roster = useRoster();
  // Once something is written, sending it is what comes next.
  const idle = useStore(app.drafts.store, (drafts) => draftOf(drafts, NEW).text.trim() === '');
  if (roster === null) return null;
  const bare = onlyOffline(roster);
  const able = roster.specialists.filter(({ binding }) => binding !== null).length;
  const write = (text: string, to: Target) => {
    app.drafts.write(NEW, { text, to });
    document.querySelector<HTMLTextAreaElement>('.composer-field')?.focus();
  };
  return (
    <section className="empty" aria-labelledby="empty-title">
      <h2 id="empty-title">{bare ? 'No language model yet' : 'Ask somebody'}</h2>
      <p className="text-2">
        {bare
          ? `A conversation begins with a message to one specialist. ${able} of the ${roster.specialists.length} work without a language model; the others need one, here on this computer or at a provider.`
          : 'A conversation begins with a message to one specialist or model. Who answers is chosen below the text; each answer can be tried again by another.'}
      </p>
      <ul className="examples" aria-label="Examples">
        {examplesFor(roster).map((example) => (
          <li key={example.specialist}>
            <ExampleButton example={example} roster={roster} onWrite={write} />
          </li>
        ))}
      </ul>
      {bare && (
        <button type="button" className={idle ? 'button primary' : 'button'} onClick={() => app.connectModel()}>
          Connect a model
        </button>
      )}
    </section>
  );
}

interface ExampleButtonProps {
  example: Example;
  roster: Roster;
  onWrite: (text: string, to: Target) => void;
}

function ExampleButton({ example: { specialist, text }, roster, onWrite }: ExampleButtonProps) {
  const found = roster.specialists.find(({ id }) => id === specialist);
  return (
    <button type="button" className="example" onClick={() => onWrite(text, { specialist })}>
      <Glyph look={found?.look} />
      <span className="grow">
        <span className="example-name">
          <b data-sp={found?.look.colour}>{found?.name ?? specialist}</b>
          {found?.binding?.offline && <span className="tag">offline model</span>}
        </span>
        <span className="example-text">{text.split('\n', 1)[0]}</span>
      </span>
    </button>
  );
}
