import type { Ref } from 'react';
import type { Named } from '../../../state/targets.ts';
import { useApp } from '../../../state/use.ts';
import { Glyph, Sign } from '../../../ui/Sign.tsx';

/** Why the chosen one cannot answer, and the one click that mends it. */
export function CannotAnswer({ named, ref }: { named: Named; ref: Ref<HTMLDivElement> }) {
  const app = useApp();
  return (
    <div ref={ref} className="cannot" role="status">
      {named.state === 'needs-model' ? <Glyph of={named.specialist} /> : <Sign name="warn" />}
      <p className="grow">
        {named.state === 'needs-model' ? (
          <>
            <b>{named.name} needs a model.</b> Connect one, or choose somebody who can answer already.
          </>
        ) : (
          <>
            <b>{named.name} is not here any more.</b> Choose somebody else below, or connect its provider again.
          </>
        )}
      </p>
      <button type="button" className="button small" onClick={() => app.dialog.setState({ open: 'models' })}>
        Connect a model
      </button>
    </div>
  );
}
