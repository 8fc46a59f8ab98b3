import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import type { Place } from './shown.ts';

/**
 * Goes between several tries or wordings of one step; not there when there is but one. At either end a button is only
 * told to be disabled: it keeps the focus.
 */
export function Siblings({ session, place, what }: { session: string; place: Place; what: 'try' | 'wording' }) {
  const app = useApp();
  const { index, count, previous, next } = place;
  if (count < 2) return null;
  const select = (node: string | undefined) => {
    if (node !== undefined) void app.act(session, 'sessions.select', { session, node });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms.
    <span className="siblings" role="group" aria-label={what === 'try' ? 'Tries' : 'Wordings'}>
      <button
        type="button"
        className="button bare small icon"
        aria-label={`Previous ${what}`}
        aria-disabled={previous === undefined}
        onClick={() => select(previous)}
      >
        <Sign name="left" dense />
      </button>
      <span className="small">
        {index + 1} of {count}
      </span>
      <button
        type="button"
        className="button bare small icon"
        aria-label={`Next ${what}`}
        aria-disabled={next === undefined}
        onClick={() => select(next)}
      >
        <Sign name="right" dense />
      </button>
    </span>
  );
}
