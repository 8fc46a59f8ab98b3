import { z } from 'zod';
import type { SpecialistDefinition, SpecialistInfo } from '#shared/domain/summary.ts';
import { Look, looks } from '#shared/domain/things.ts';
import capabilities from '../../../resources/capabilities.json' with { type: 'json' };
import personas from '../../../resources/personas.json' with { type: 'json' };

/**
 * The default roster as shipped. Times, success rates and costs in the file are invented starting values (priors); they
 * are not read here and never shown as fact.
 */
const RosterFile = z.object({
  version: z.literal(1),
  capabilities: z.array(z.object({ id: z.string(), title: z.string() })),
  specialists: z.array(
    z.object({
      id: z.enum(looks),
      name: z.string(),
      role: z.string(),
      primary: z.array(z.string()).min(1),
      maxTokens: z.number().int().positive(),
    }),
  ),
});

export interface Specialist {
  id: string;
  primary: { id: string; title: string }[];
  /** As it came, the configuration included; null for one of the user's own. */
  shipped: SpecialistDefinition | null;
  /** As it is now. */
  definition: SpecialistDefinition;
}

export type ShippedSpecialist = Specialist & { shipped: SpecialistDefinition };

/** What a configuration may say about a specialist. */
export interface SpecialistOverride {
  provider: string;
  model: string;
  persona?: string | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
}

export function shippedSpecialists(overrides: Readonly<Record<string, SpecialistOverride>> = {}): ShippedSpecialist[] {
  const file = RosterFile.parse(capabilities);
  const titles = new Map(file.capabilities.map(({ id, title }) => [id, title]));
  return file.specialists.map(({ id, name, role, primary }) => {
    const own = overrides[id];
    const shipped: SpecialistDefinition = {
      name,
      role,
      persona: own?.persona ?? (personas as Record<string, string>)[id] ?? `You are ${name}. ${role}.`,
      look: Look.parse({ colour: id, glyph: id }),
      temperature: own?.temperature ?? null,
      maxTokens: own?.maxTokens ?? null,
      model: own === undefined ? null : { provider: own.provider, model: own.model },
    };
    return {
      id,
      primary: primary.map((each) => ({ id: each, title: titles.get(each) ?? each })),
      shipped,
      definition: shipped,
    };
  });
}

/** The shipped ones with the user's changes upon them, then the user's own in the order in which they were made. */
export function withChanges(
  shipped: readonly ShippedSpecialist[],
  changes: ReadonlyMap<string, SpecialistDefinition>,
): Specialist[] {
  const known = new Set(shipped.map(({ id }) => id));
  const own = [...changes].filter(([id]) => !known.has(id));
  return [
    ...shipped.map((each) => ({ ...each, definition: changes.get(each.id) ?? each.shipped })),
    ...own.map(([id, definition]) => ({ id, primary: [], shipped: null, definition })),
  ];
}

export function originOf({ shipped, definition }: Specialist): SpecialistInfo['origin'] {
  if (shipped === null) return 'own';
  return definition === shipped ? 'shipped' : 'changed';
}
