import type { Ref } from 'react';
import type { Target } from '#shared/domain/things.ts';
import type { Named } from '../../../state/targets.ts';
import { useApp } from '../../../state/use.ts';
import { Glyph, Sign } from '../../../ui/Sign.tsx';

const reasons: Readonly<Record<Exclude<Named['state'], 'ready'>, { is: string; next: string }>> = {
  'needs-model': { is: 'needs a model.', next: 'Connect one, or choose somebody who can answer already.' },
  off: { is: 'cannot answer: its provider is switched off.', next: 'Switch it on, or choose somebody else below.' },
  unknown: { is: 'is not here any more.', next: 'Choose somebody else below, or connect its provider again.' },
};

interface CannotAnswerProps {
  named: Named;
  to: Target;
  ref: Ref<HTMLDivElement>;
}

/** Why the chosen one cannot answer, if so, and the one click that mends it. */
export function CannotAnswer({ named, to, ref }: CannotAnswerProps) {
  const app = useApp();
  if (named.state === 'ready') return null;
  const { is, next } = reasons[named.state];
  return (
    <div ref={ref} className="cannot" role="status">
      {named.state === 'needs-model' ? <Glyph look={named.look} /> : <Sign name="warn" />}
      <p className="grow">
        <b>
          {named.name} {is}
        </b>{' '}
        {next}
      </p>
      {named.state === 'off' && 'provider' in to ? (
        <button type="button" className="button small" onClick={() => app.goToSettings('providers', to.provider)}>
          Show the provider
        </button>
      ) : (
        <button type="button" className="button small" onClick={() => app.connectModel()}>
          Connect a model
        </button>
      )}
    </div>
  );
}
