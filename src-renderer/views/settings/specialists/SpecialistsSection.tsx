import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { Roster, SpecialistInfo } from '#shared/domain/summary.ts';
import { settingsHref } from '../../../state/route.ts';
import { bindingText } from '../../../state/targets.ts';
import { unsavedIn } from '../../../state/unsaved.ts';
import { useApp, useRoster } from '../../../state/use.ts';
import { Glyph, Sign } from '../../../ui/Sign.tsx';
import { Gone, Loading } from '../forms/Empty.tsx';
import { Split } from '../forms/Split.tsx';
import { AutomaticChoice } from './AutomaticChoice.tsx';
import { fieldTitles, formOf, type SpecialistField } from './fields.ts';
import { NEW, NewSpecialist } from './NewSpecialist.tsx';
import { SpecialistDetail } from './SpecialistDetail.tsx';
import './specialists.css';

export function SpecialistsSection({ open }: { open: string | null }) {
  const roster = useRoster();
  return roster === null ? <Loading title="Specialists" /> : <Specialists roster={roster} open={open} />;
}

function Specialists({ roster, open }: { roster: Roster; open: string | null }) {
  const { specialists } = roster;
  const wanted = open ?? specialists[0]?.id ?? NEW;
  const specialist = specialists.find(({ id }) => id === wanted);
  const tabStop = specialist?.id ?? specialists[0]?.id;
  return (
    <Split
      title="Specialists"
      opened={open !== null}
      shown={wanted}
      action={
        <a
          className="button"
          href={settingsHref('specialists', NEW)}
          aria-current={wanted === NEW ? 'page' : undefined}
        >
          <Sign name="plus" dense />
          New
        </a>
      }
      above={<AutomaticChoice automatic={roster.automatic} />}
      list={
        <ul>
          {specialists.map((each) => (
            <li key={each.id}>
              <Row specialist={each} current={each.id === wanted} tabStop={each.id === tabStop} />
            </li>
          ))}
        </ul>
      }
      detail={
        wanted === NEW ? (
          <NewSpecialist roster={roster} />
        ) : specialist === undefined ? (
          <Gone section="specialists" title="Specialists" what="This specialist is not here any more.">
            <Typed specialist={wanted} />
          </Gone>
        ) : (
          <SpecialistDetail key={specialist.id} specialist={specialist} roster={roster} />
        )
      }
    />
  );
}

/** Somebody else has deleted it while one typed: that need not be lost. */
function Typed({ specialist }: { specialist: string }) {
  const app = useApp();
  const place = formOf(specialist);
  const typed = useStore(
    app.unsaved.store,
    useShallow((all) => Object.keys(unsavedIn(all, place)) as SpecialistField[]),
  );
  const occupied = useStore(app.unsaved.store, (all) => Object.keys(unsavedIn(all, formOf(NEW))).length > 0);
  if (typed.length === 0) return null;
  const what = typed.map((field) => fieldTitles[field]).join(', ');
  if (occupied)
    return (
      <p className="text-2">
        What you typed is kept: <span className="text-3">{what}</span>. There is a new one already that is not created
        yet.{' '}
        <a className="accent" href={settingsHref('specialists', NEW)}>
          Show it
        </a>
      </p>
    );
  const make = () => {
    app.unsaved.move(place, formOf(NEW));
    app.goToSettings('specialists', NEW);
  };
  return (
    <div>
      <p className="text-2">
        What you typed is kept: <span className="text-3">{what}</span>
      </p>
      <button type="button" className="button gone-typed" onClick={make}>
        Make a new one with what you typed
      </button>
    </div>
  );
}

interface RowProps {
  specialist: SpecialistInfo;
  current: boolean;
  tabStop: boolean;
}

function Row({ specialist, current, tabStop }: RowProps) {
  const { id, name, role, look, binding } = specialist;
  const unsaved = useStore(useApp().unsaved.store, (all) => Object.keys(unsavedIn(all, formOf(id))).length > 0);
  return (
    <a
      className="pick inset"
      href={settingsHref('specialists', id)}
      aria-current={current ? 'page' : undefined}
      tabIndex={tabStop ? 0 : -1}
    >
      <Glyph look={look} />
      <span className="grow">
        <span className="pick-name cut" title={name}>
          {name}
        </span>
        <span className="pick-about cut">
          {unsaved && 'not saved, '}
          {role}
        </span>
      </span>
      <span className={`pick-end ${binding === null ? 'warn' : 'text-3'}`} title={bindingText(specialist)}>
        <span className="cut">{binding === null ? 'needs a model' : binding.model}</span>
      </span>
    </a>
  );
}
