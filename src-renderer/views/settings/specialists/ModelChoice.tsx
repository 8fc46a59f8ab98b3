import { Popover } from 'radix-ui';
import { useState } from 'react';
import type { Roster, SpecialistInfo } from '#shared/domain/summary.ts';
import { bindingText } from '../../../state/targets.ts';
import { Sign } from '../../../ui/Sign.tsx';
import { Field } from '../forms/Field.tsx';
import { modelKey, modelOf } from './fields.ts';
import { AUTOMATIC_TITLE, ModelList } from './ModelList.tsx';

interface ModelChoiceProps {
  /** As `modelKey` writes it. */
  value: string;
  roster: Roster;
  /** Absent for one that is not made yet. */
  specialist: SpecialistInfo | undefined;
  onValue: (value: string) => void;
}

/** With which model a specialist works: the best at hand, or one that is chosen, found by typing. */
export function ModelChoice({ value, roster, specialist, onValue }: ModelChoiceProps) {
  const [open, setOpen] = useState(false);
  const model = modelOf(value);
  const provider = roster.providers.find(({ id }) => id === model?.provider);
  const missing = model !== null && whyMissing(provider, model.model);
  const choose = (key: string) => {
    onValue(key);
    setOpen(false);
  };
  const saved = modelKey(specialist?.chosen ?? null) === value;
  return (
    <Field
      label="Model"
      problem={missing || undefined}
      hint={model === null ? automaticHint(roster, saved ? specialist : undefined) : undefined}
    >
      {(named) => (
        <Popover.Root open={open} onOpenChange={setOpen}>
          <Popover.Trigger {...named} className="field model-choice" aria-label={`Model: ${titleOf(roster, value)}`}>
            <span className="grow cut">
              {model === null ? (
                AUTOMATIC_TITLE
              ) : (
                <>
                  <span className="mono">{model.model}</span>
                  <span className="text-3"> on {provider?.name ?? model.provider}</span>
                </>
              )}
            </span>
            <Sign name="down" dense />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              className="float model-list-float"
              align="start"
              sideOffset={4}
              collisionPadding={8}
              aria-label="Models"
              onOpenAutoFocus={showChosen}
            >
              <ModelList roster={roster} value={value} onChoose={choose} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      )}
    </Field>
  );
}

/** Its height is known once it has its place; then what is chosen is brought into sight. */
function showChosen(event: Event): void {
  const { target } = event;
  requestAnimationFrame(() => {
    if (target instanceof Element)
      target.querySelector('[cmdk-item][data-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  });
}

function titleOf(roster: Roster, key: string): string {
  const model = modelOf(key);
  if (model === null) return AUTOMATIC_TITLE;
  return `${model.model} on ${roster.providers.find(({ id }) => id === model.provider)?.name ?? model.provider}`;
}

function whyMissing(provider: Roster['providers'][number] | undefined, model: string): string | false {
  if (provider === undefined) return 'This provider is not here. Connect it again, or choose another model.';
  if (!provider.enabled)
    return `${provider.name} is switched off. Switch it on under Providers, or choose another model.`;
  if (provider.models.length > 0 && !provider.models.some(({ id }) => id === model))
    return `${provider.name} does not list this model any more.`;
  return false;
}

function automaticHint({ automatic }: Roster, specialist: SpecialistInfo | undefined): string {
  const where = automatic === 'any' ? '' : ', only on this computer';
  if (specialist === undefined) return `The best at hand when it is asked${where}.`;
  const now = specialist.binding?.offline ? specialist.binding.model : bindingText(specialist);
  return now === undefined ? `Nothing is at hand now${where}: it needs a model.` : `Now ${now}${where}.`;
}
