import { useApp } from '../../../state/use.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { useCompare } from '../branches/compare-context.ts';
import type { Place } from './shown.ts';

interface SiblingsProps {
  session: string;
  node: string;
  place: Place;
  what: 'try' | 'wording';
}

/**
 * Goes between several tries or wordings of one step; not there when there is but one. At either end a button is only
 * told to be disabled: it keeps the focus.
 */
export function Siblings({ session, node, place, what }: SiblingsProps) {
  const app = useApp();
  const compare = useCompare();
  const { index, count, previous, next } = place;
  if (count < 2) return null;
  const beside = previous ?? next;
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
      {compare !== null && beside !== undefined && (
        <button
          type="button"
          className="button bare small icon"
          aria-label={
            previous === undefined ? `Side by side with the next ${what}` : `Side by side with the ${what} before`
          }
          title="Side by side"
          onClick={() =>
            compare(previous === undefined ? { left: node, right: beside } : { left: beside, right: node })
          }
        >
          <Sign name="beside" dense />
        </button>
      )}
    </span>
  );
}
