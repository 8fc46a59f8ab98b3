import { Command } from 'cmdk';
import { useMemo, useState } from 'react';
import type { Roster } from '#shared/domain/summary.ts';
import { count, size } from '../../../ui/format.ts';
import { Matched } from '../../../ui/Matched.tsx';
import { Sign } from '../../../ui/Sign.tsx';
import { modelRows } from './model-rows.ts';
import '../../../ui/choice.css';

const AUTOMATIC = 'automatic';
export const AUTOMATIC_TITLE = 'Automatic: the best at hand';

interface ModelListProps {
  roster: Roster;
  /** What is chosen now, as `modelKey` writes it. */
  value: string;
  onChoose: (value: string) => void;
}

/** All models of all providers that are in use, found by typing. */
export function ModelList({ roster: { providers }, value, onChoose }: ModelListProps) {
  const [query, setQuery] = useState('');
  const { automatic, groups, more } = useMemo(
    () => modelRows(providers, query, value, AUTOMATIC_TITLE),
    [providers, query, value],
  );
  return (
    <Command label="Models" loop vimBindings={false} shouldFilter={false} defaultValue={value || AUTOMATIC}>
      <div className="choice-field">
        <Sign name="search" dense />
        <Command.Input placeholder="Model or provider" value={query} onValueChange={setQuery} />
        <span className="model-list-more" role="status">
          {more > 0 && `${count(more)} more: type on`}
        </span>
      </div>
      <Command.List className="choice-list" label="Models">
        <Command.Empty className="choice-empty">No model by this name.</Command.Empty>
        {automatic && (
          <Command.Item className="choice" value={AUTOMATIC} onSelect={() => onChoose('')}>
            <Mark on={value === ''} />
            <span className="grow cut">
              <Matched text={AUTOMATIC_TITLE} query={query} />
            </span>
          </Command.Item>
        )}
        {groups.map(({ provider: { id, name, offline }, rows }) => (
          <Command.Group key={id} heading={name}>
            {rows.map(({ key, model: { id, contextWindow } }) => (
              <Command.Item key={key} className="choice" value={key} onSelect={() => onChoose(key)}>
                <Mark on={key === value} />
                <span className="grow cut">
                  <Matched text={id} query={query} />
                </span>
                <span className="choice-end cut">
                  {offline ? 'offline model' : contextWindow !== undefined && size(contextWindow)}
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
    </Command>
  );
}

const Mark = ({ on }: { on: boolean }) => <span className="menu-mark">{on && <Sign name="check" dense />}</span>;
