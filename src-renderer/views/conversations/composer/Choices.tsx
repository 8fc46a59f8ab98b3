import { Command } from 'cmdk';
import { useState } from 'react';
import type { Target } from '#shared/domain/things.ts';
import { bindingText, commonBinding, keyOf, sameBinding } from '../../../state/targets.ts';
import { useRoster } from '../../../state/use.ts';
import { size } from '../../../ui/format.ts';
import { byLetters } from '../../../ui/letters.ts';
import { Matched } from '../../../ui/Matched.tsx';
import { Glyph, Sign } from '../../../ui/Sign.tsx';
import '../../../ui/choice.css';

interface ChoicesProps {
  current: Target | undefined;
  onChoose: (target: Target) => void;
}

/** All specialists, then all plain models by provider, to type into. */
export function Choices({ current, onChoose }: ChoicesProps) {
  const roster = useRoster();
  const [query, setQuery] = useState('');
  const common = roster === null ? undefined : commonBinding(roster.specialists);
  return (
    <Command label="Specialists and models" loop vimBindings={false} defaultValue={keyOf(current)} filter={byLetters}>
      <div className="choice-field">
        <Sign name="search" dense />
        <Command.Input placeholder="Name, what it is good at, model" value={query} onValueChange={setQuery} />
      </div>
      <Command.List className="choice-list" label="Specialists and models">
        <Command.Empty className="choice-empty">Nobody by this name.</Command.Empty>
        <Command.Group
          heading={common === undefined ? 'Specialists' : `Specialists, on ${common.model} at ${common.providerName}`}
        >
          {roster?.specialists.map((each) => (
            <Command.Item
              key={each.id}
              className="choice two"
              value={keyOf({ specialist: each.id })}
              keywords={[each.name, each.role, ...each.primary.map(({ title }) => title)]}
              onSelect={() => onChoose({ specialist: each.id })}
            >
              <Glyph look={each.look} />
              <span className="grow">
                <span className="choice-name cut">
                  <Matched text={each.name} query={query} />
                </span>
                <span className="choice-role cut">
                  <Matched text={each.role} query={query} />
                </span>
              </span>
              {(common === undefined || !sameBinding(each.binding, common)) && (
                <span className="choice-end cut">{bindingText(each) ?? 'needs a model'}</span>
              )}
            </Command.Item>
          ))}
        </Command.Group>
        {roster?.providers
          .filter(({ enabled, models }) => enabled && models.length > 0)
          .map(({ id, name, offline, models }) => (
            <Command.Group key={id} heading={name}>
              {models.map((model) => (
                <Command.Item
                  key={model.id}
                  className="choice"
                  value={keyOf({ provider: id, model: model.id })}
                  keywords={[model.id, name]}
                  onSelect={() => onChoose({ provider: id, model: model.id })}
                >
                  <Sign name="model" />
                  <span className="grow cut">
                    <Matched text={model.id} query={query} />
                  </span>
                  <span className="choice-end cut">
                    {offline ? 'offline model' : (model.contextWindow && size(model.contextWindow)) || ''}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          ))}
      </Command.List>
    </Command>
  );
}
