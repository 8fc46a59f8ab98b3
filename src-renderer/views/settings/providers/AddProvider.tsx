import { useEffect, useRef } from 'react';
import { ConnectForm } from '../../models/ConnectForm.tsx';
import { Back } from '../forms/Split.tsx';
import { useGoOn } from '../forms/use-go-on.ts';

/** One provider more. `asked`: somebody came here for it. */
export function AddProvider({ asked }: { asked: boolean }) {
  const goOn = useGoOn();
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    if (asked) ref.current?.querySelector('select')?.focus();
  }, [asked]);
  return (
    <section ref={ref} className="detail" aria-label="Add a provider" tabIndex={-1}>
      <header className="split-head">
        <Back section="providers" title="Providers" />
        <h1>Add a provider</h1>
      </header>
      <div className="detail-scroll">
        <div className="detail-body">
          <ConnectForm verb="Add" onConnected={(provider) => goOn('providers', provider)} />
        </div>
      </div>
    </section>
  );
}
