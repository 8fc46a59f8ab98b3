import { DropdownMenu } from 'radix-ui';
import type { ProviderInfo, SpecialistInfo } from '#shared/domain/summary.ts';
import { bindingText } from '../../../../state/targets.ts';
import { useApp } from '../../../../state/use.ts';
import { Glyph, Sign } from '../../../../ui/Sign.tsx';
import { giveModel, modelsPlace } from './use-for.ts';

interface UseForProps {
  provider: ProviderInfo;
  model: string;
  specialists: readonly SpecialistInfo[];
}

/** Who shall work with this model: chosen here, and let go here. */
export function UseFor({ provider, model, specialists }: UseForProps) {
  const app = useApp();
  const chosenBy = ({ chosen }: SpecialistInfo) => chosen?.provider === provider.id && chosen.model === model;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button bare small" aria-label={`Use for (${model})`}>
        Use for
        <Sign name="down" dense />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="float menu use-for"
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label={`Who uses ${model}`}
        >
          {!provider.offline && provider.enabled && (
            <>
              <DropdownMenu.Item className="menu-item" onSelect={() => void app.tests.run(provider.id, model)}>
                <span className="menu-mark" />
                <span className="grow cut">Test with this model</span>
              </DropdownMenu.Item>
              <DropdownMenu.Separator className="menu-line" />
            </>
          )}
          {specialists.map((each) => (
            <DropdownMenu.CheckboxItem
              key={each.id}
              className="menu-item"
              checked={chosenBy(each)}
              textValue={each.name}
              onCheckedChange={(on) =>
                void giveModel(app, modelsPlace(provider.id), each, on ? { provider: provider.id, model } : null)
              }
            >
              <span className="menu-mark">
                <DropdownMenu.ItemIndicator>
                  <Sign name="check" dense />
                </DropdownMenu.ItemIndicator>
              </span>
              <Glyph look={each.look} dense />
              <span className="grow cut">{each.name}</span>
              <span className="choice-end cut">{stands(each)}</span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** What it works with now. */
function stands(specialist: SpecialistInfo): string {
  const text = bindingText(specialist);
  if (text === undefined) return 'needs a model';
  return specialist.chosen === null ? `automatic: ${specialist.binding?.model}` : text;
}
