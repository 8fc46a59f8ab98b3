import type { Automatic } from '#shared/domain/summary.ts';
import { useApp, useConnected, useTrouble } from '../../../state/use.ts';
import { ProblemLine } from '../../../ui/ProblemLine.tsx';
import { Segments } from '../../../ui/Segments.tsx';

const PLACE = 'automatic';
const TITLE = 'Automatic models come from';
const options: readonly { value: Automatic; label: string }[] = [
  { value: 'any', label: 'Anywhere' },
  { value: 'local', label: 'Only this computer' },
];

/** Where specialists without a chosen model may find one. */
export function AutomaticChoice({ automatic }: { automatic: Automatic }) {
  const app = useApp();
  const connected = useConnected();
  const trouble = useTrouble(PLACE);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset that is disabled lets go of the focus
    <div className="automatic" role="group" aria-disabled={!connected}>
      <p className="automatic-label" aria-hidden="true">
        {TITLE}
      </p>
      <Segments
        label={TITLE}
        options={options}
        value={automatic}
        onValue={(value) => connected && void app.act(PLACE, 'automatic.set', { automatic: value })}
      />
      {trouble !== undefined && <ProblemLine problem={trouble} />}
    </div>
  );
}
