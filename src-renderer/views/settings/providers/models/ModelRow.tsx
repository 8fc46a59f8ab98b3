import { memo } from 'react';
import type { ModelInfo, ProviderInfo, SpecialistInfo } from '#shared/domain/summary.ts';
import { size } from '../../../../ui/format.ts';
import { Glyph } from '../../../../ui/Sign.tsx';
import { offlineModels } from '../words.ts';
import { UseFor } from './UseFor.tsx';
import { namesOf, type Told, usersOf } from './used.ts';

/** Glyphs in one cell; how many more there are is said. */
const GLYPHS = 4;

interface ModelRowProps {
  provider: ProviderInfo;
  model: ModelInfo;
  told: Told;
  specialists: readonly SpecialistInfo[];
  /** The one of all rows that is in the tab order. */
  tabStop: boolean;
}

/** The same as long as its model is: there are hundreds, and each letter of a search goes over them. */
export const ModelRow = memo(function ModelRow({ provider, model, told, specialists, tabStop }: ModelRowProps) {
  const { id, contextWindow, features, streams } = model;
  const able = [...(features ?? []), ...(streams === false ? ['does not stream'] : [])];
  return (
    <tr data-model={id}>
      <th scope="row">
        <span className="mono cut" title={id}>
          {id}
        </span>
      </th>
      {provider.offline && <td className="text-2 models-does">{offlineModels[id]}</td>}
      {told.context && (
        <td className="figure">
          {contextWindow === undefined ? <span className="text-3">not told</span> : size(contextWindow)}
        </td>
      )}
      {told.features && (
        <td className="models-features text-2">
          {able.length > 0 ? (
            <span className="cut">{able.join(', ')}</span>
          ) : (
            <span className="text-3">{features === undefined ? 'not told' : 'none'}</span>
          )}
        </td>
      )}
      <td className="models-users">
        <Users users={usersOf(specialists, provider.id, id)} />
      </td>
      <td className="models-use">
        <UseFor provider={provider} model={id} specialists={specialists} tabStop={tabStop} />
      </td>
    </tr>
  );
});

function Users({ users }: { users: readonly SpecialistInfo[] }) {
  if (users.length === 0) return <span className="text-3">nobody</span>;
  const shown = users.length > GLYPHS + 1 ? users.slice(0, GLYPHS) : users;
  return (
    <span className="models-glyphs" title={namesOf(users, 20)}>
      {shown.map(({ id, look }) => (
        <Glyph key={id} look={look} dense />
      ))}
      {shown.length < users.length && (
        <span className="text-3 small" aria-hidden="true">
          +{users.length - shown.length}
        </span>
      )}
      <span className="unseen">{namesOf(users, 20)}</span>
    </span>
  );
}
