import { useState } from 'react';
import type { Roster, SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import { useApp } from '../../../state/use.ts';
import { Confirm } from '../forms/Confirm.tsx';
import { copyName, formOf } from './fields.ts';
import { ResetList } from './ResetList.tsx';

interface ActionsProps {
  specialist: SpecialistInfo;
  roster: Roster;
  /** As it is saved. */
  definition: SpecialistDefinition;
  /** As it stands in the form. */
  shown: SpecialistDefinition;
  shipped: SpecialistDefinition | null;
  /** Something in the form is not saved. */
  unsaved: boolean;
  again: () => Promise<void>;
}

/** A copy of what one sees; the way back to how it came; for one's own, the end. */
export function Actions({ specialist, roster, definition, shown, shipped, unsaved, again }: ActionsProps) {
  const app = useApp();
  const { id, name, origin } = specialist;
  const place = formOf(id);
  const [asking, setAsking] = useState(false);
  const duplicate = async () => {
    const copy = { ...shown, name: copyName(shown.name, roster.specialists) };
    const made = await app.act(place, 'specialists.create', { definition: copy });
    if (made === undefined) return;
    app.say(`${copy.name} is made.`);
    app.goToSettings('specialists', made.specialist);
  };
  const remove = async () => {
    const done = await app.act(place, 'specialists.remove', { specialist: id });
    if (done === undefined) return;
    if (origin === 'own') {
      app.unsaved.clear(place);
      app.say(`${name} is deleted.`);
      app.goToSettings('specialists');
      return;
    }
    await again();
    app.unsaved.clear(place);
    app.say(`${name} is as it came.`);
  };
  return (
    <>
      <button type="button" className="button" onClick={() => void duplicate()}>
        Duplicate
      </button>
      {origin === 'changed' && (
        <button type="button" className="button" onClick={() => setAsking(true)}>
          Reset
        </button>
      )}
      {origin === 'own' && (
        <button type="button" className="button danger" onClick={() => setAsking(true)}>
          Delete
        </button>
      )}
      {asking && origin === 'own' && (
        <Confirm
          title={`Delete ${name}?`}
          verb={`Delete ${name}`}
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          <p>Its persona and settings are gone then. What it said stays in its sessions, under its name.</p>
        </Confirm>
      )}
      {asking && origin === 'changed' && shipped !== null && (
        <Confirm
          title={`Reset ${name} to how it came?`}
          verb="Reset"
          keep="Keep my changes"
          onConfirm={() => void remove()}
          onClose={() => setAsking(false)}
        >
          <ResetList now={definition} came={shipped} roster={roster} />
          {unsaved && <p>What is not saved yet is discarded, too.</p>}
        </Confirm>
      )}
    </>
  );
}
