import { useState } from 'react';
import type { Roster, SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import { useApp, useConnected } from '../../../state/use.ts';
import { Confirm } from '../forms/Confirm.tsx';
import { holdsFocus } from '../forms/holds-focus.ts';
import { useGoOn } from '../forms/use-go-on.ts';
import { copyName, formOf } from './fields.ts';
import { ResetList } from './ResetList.tsx';

interface ActionsProps {
  specialist: SpecialistInfo;
  roster: Roster;
  /** As it is saved. */
  definition: SpecialistDefinition;
  /** As it stands in the form; absent when it cannot be saved like that. */
  shown: SpecialistDefinition | undefined;
  /** Shows what has to be mended first. */
  onUnfit: () => void;
  shipped: SpecialistDefinition | null;
  /** Something in the form is not saved. */
  unsaved: boolean;
  again: () => Promise<void>;
}

/** A copy of what one sees; the way back to how it came; for one's own, the end. */
export function Actions({ specialist, roster, definition, shown, onUnfit, shipped, unsaved, again }: ActionsProps) {
  const app = useApp();
  const connected = useConnected();
  const goOn = useGoOn();
  const { id, name, origin } = specialist;
  const place = formOf(id);
  const [asking, setAsking] = useState(false);
  const duplicate = async () => {
    if (!connected) return;
    if (shown === undefined) {
      onUnfit();
      return;
    }
    const copy = { ...shown, name: copyName(shown.name, roster.specialists) };
    const made = await app.act(place, 'specialists.create', { definition: copy });
    if (made === undefined) return;
    app.say(`${copy.name} is made.`);
    goOn('specialists', made.specialist);
  };
  const remove = async () => {
    const done = await app.act(place, 'specialists.remove', { specialist: id });
    if (done === undefined) return;
    if (origin === 'own') {
      app.unsaved.clear(place);
      app.say(`${name} is deleted.`);
      goOn('specialists');
      return;
    }
    await again();
    app.unsaved.clear(place);
    app.say(`${name} is as it came.`);
  };
  return (
    <>
      <button type="button" className="button" aria-disabled={!connected} onClick={() => void duplicate()}>
        Duplicate
      </button>
      {origin === 'changed' && (
        <button
          ref={holdsFocus}
          type="button"
          className="button"
          aria-disabled={!connected}
          onClick={() => connected && setAsking(true)}
        >
          Reset
        </button>
      )}
      {origin === 'own' && (
        <button
          ref={holdsFocus}
          type="button"
          className="button danger"
          aria-disabled={!connected}
          onClick={() => connected && setAsking(true)}
        >
          Delete
        </button>
      )}
      {asking && origin === 'own' && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete"
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
