import { isDeepStrictEqual } from 'node:util';
import { Problem } from '#shared/domain/problem.ts';
import type { Automatic, SpecialistDefinition } from '#shared/domain/summary.ts';
import type { CommandRow } from '../../log/log.ts';
import type { Ledger } from './ledger.ts';
import type { Roster } from './roster.ts';
import { slug } from './slug.ts';

/** Of the user's own: the roster is told as a whole. */
const MOST_OWN = 200;

export interface CastingOptions {
  ledger: Ledger;
  roster: Roster;
  /** Which models are chosen may be others now. */
  changed: () => void;
}

/** Who the specialists are: the user's changes, the user's own, and where they find a model by themselves. */
export class Casting {
  readonly #options: CastingOptions;

  constructor(options: CastingOptions) {
    this.#options = options;
  }

  /** Puts what the ledger knows into the roster. */
  start(): void {
    const { ledger, roster } = this.#options;
    roster.changeSpecialists(ledger.facts.definitions);
    roster.setAutomatic(ledger.facts.automatic);
  }

  /** Throws NOT_FOUND. */
  get(id: string): { definition: SpecialistDefinition; shipped: SpecialistDefinition | null } {
    const { definition, shipped } = this.#options.roster.specialist(id);
    return { definition, shipped };
  }

  create(
    definition: SpecialistDefinition,
    remember: (result: { specialist: string }) => CommandRow,
  ): Promise<{ specialist: string }> {
    const { ledger, roster } = this.#options;
    return ledger.inTurn(async () => {
      const { specialists } = roster.view();
      if (specialists.filter(({ origin }) => origin === 'own').length >= MOST_OWN)
        throw new Problem(
          'LIMIT',
          `There are ${MOST_OWN} specialists of your own.`,
          'Remove one that you do not need any more.',
        );
      // Sessions still name those that are gone.
      const taken = (id: string) => ledger.facts.specialistIds.has(id) || specialists.some((each) => each.id === id);
      const result = { specialist: slug(definition.name, 'specialist', taken) };
      await ledger.commit({ type: 'specialist.changed', data: { ...result, definition } }, remember(result));
      this.#tell();
      return result;
    });
  }

  /** A shipped one that is made what it was is a shipped one again. */
  change(specialist: string, definition: SpecialistDefinition, row: CommandRow): Promise<void> {
    const { ledger, roster } = this.#options;
    return ledger.inTurn(async () => {
      const { shipped } = roster.specialist(specialist);
      await ledger.commit(
        isDeepStrictEqual(shipped, definition)
          ? { type: 'specialist.removed', data: { specialist } }
          : { type: 'specialist.changed', data: { specialist, definition } },
        row,
      );
      this.#tell();
    });
  }

  /** A shipped one is as it came again; one of the user's own is gone. */
  remove(specialist: string, row: CommandRow): Promise<void> {
    const { ledger, roster } = this.#options;
    return ledger.inTurn(async () => {
      roster.specialist(specialist);
      await ledger.commit({ type: 'specialist.removed', data: { specialist } }, row);
      this.#tell();
    });
  }

  setAutomatic(automatic: Automatic, row: CommandRow): Promise<void> {
    const { ledger, roster } = this.#options;
    return ledger.inTurn(async () => {
      await ledger.commit({ type: 'automatic.changed', data: { automatic } }, row);
      roster.setAutomatic(automatic);
    });
  }

  #tell(): void {
    const { ledger, roster, changed } = this.#options;
    roster.changeSpecialists(ledger.facts.definitions);
    changed();
  }
}
