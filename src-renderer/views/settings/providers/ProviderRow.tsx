import { useStore } from 'zustand';
import type { ProviderInfo } from '#shared/domain/summary.ts';
import { settingsHref } from '../../../state/route.ts';
import { unsavedIn } from '../../../state/unsaved.ts';
import { useApp } from '../../../state/use.ts';
import { Dot, Sign } from '../../../ui/Sign.tsx';
import { formOf } from './fields.ts';
import { about, standing } from './words.ts';

interface ProviderRowProps {
  provider: ProviderInfo;
  current: boolean;
  tabStop: boolean;
}

/** One provider in the list: where it runs, what it has, how it stands. */
export function ProviderRow({ provider, current, tabStop }: ProviderRowProps) {
  const { id, name, offline, local, problem, enabled } = provider;
  const app = useApp();
  const tested = useStore(app.tests.store, (all) => all[id]?.result ?? null);
  const { word, tone, dot } = standing(provider, tested);
  const unsaved = useStore(app.unsaved.store, (all) => Object.keys(unsavedIn(all, formOf(id))).length > 0);
  return (
    <a
      className="pick inset"
      href={settingsHref('providers', id)}
      aria-current={current ? 'page' : undefined}
      tabIndex={tabStop ? 0 : -1}
    >
      <Sign name={local || offline ? 'computer' : 'cloud'} />
      <span className="grow">
        <span className="pick-name cut" title={name}>
          {name}
        </span>
        <span className="pick-about cut">
          {unsaved && 'not saved, '}
          {enabled && problem !== null ? problem.message : about(provider)}
        </span>
      </span>
      <span className={`pick-end ${tone}`}>
        <Dot kind={dot} />
        {word}
      </span>
    </a>
  );
}
