import { holdsFocus } from '../forms/holds-focus.ts';

/** Leads to a field for the models of a provider that does not list them. */
export function ByHand({ onName }: { onName: () => void }) {
  return (
    <div className="form-row">
      <span />
      <div>
        <button ref={holdsFocus} type="button" className="button bare small form-by-hand" onClick={onName}>
          Name its models by hand
        </button>
      </div>
    </div>
  );
}
