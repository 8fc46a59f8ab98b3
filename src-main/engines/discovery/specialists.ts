import { z } from 'zod';
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
      id: z.string(),
      name: z.string(),
      role: z.string(),
      primary: z.array(z.string()).min(1),
      maxTokens: z.number().int().positive(),
    }),
  ),
});

export interface Specialist {
  id: string;
  name: string;
  role: string;
  primary: { id: string; title: string }[];
  /** System text of every turn. */
  persona: string;
  temperature: number | undefined;
  maxTokens: number | undefined;
  /** Chosen by the user or the configuration; otherwise the best provider at hand. */
  binding: { provider: string; model: string } | undefined;
}

/** What a configuration may say about a specialist. */
export interface SpecialistOverride {
  provider: string;
  model: string;
  persona?: string | undefined;
  temperature?: number | undefined;
  maxTokens?: number | undefined;
}

export function shippedSpecialists(overrides: Readonly<Record<string, SpecialistOverride>> = {}): Specialist[] {
  const file = RosterFile.parse(capabilities);
  const titles = new Map(file.capabilities.map(({ id, title }) => [id, title]));
  return file.specialists.map(({ id, name, role, primary }) => {
    const own = overrides[id];
    return {
      id,
      name,
      role,
      primary: primary.map((each) => ({ id: each, title: titles.get(each) ?? each })),
      persona: own?.persona ?? (personas as Record<string, string>)[id] ?? `You are ${name}. ${role}.`,
      temperature: own?.temperature,
      maxTokens: own?.maxTokens,
      binding: own === undefined ? undefined : { provider: own.provider, model: own.model },
    };
  });
}
