// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so the configuration names environment variables
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Problem } from '#shared/domain/problem.ts';
import { place, scanJson } from './json-places.ts';

const id = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes or underscores')
  .refine((value) => value !== 'offline', 'is taken: the built-in provider is called offline')
  .refine((value) => !(value in Object.prototype), 'is no usable id');
const url = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^\s/]/, 'must be an address that starts with http:// or https://')
  .regex(
    /^\w+:\/\/[^\s/?#@\\]+(?:[/?#]|$)/,
    'must hold no user name and no password: name the environment variable of the key in its own field, key',
  );
const reference = /^\$\{([A-Za-z_]\w*)\}$/;
const key = z
  .string()
  .regex(
    reference,
    'must name an environment variable, such as "${OPENAI_API_KEY}"; the key itself does not belong in this file',
  )
  .describe('The environment variable that holds the key, written ${NAME}.');
const models = z.array(z.string().min(1).max(300)).min(1);
const named = models.describe('The models; the provider has no list that it could be asked for.');
const common = {
  id: id.describe('What the rest of this file calls it.'),
  name: z.string().min(1).max(100).optional().describe('What people read; the id when absent.'),
  models: models.optional().describe('Exactly these models; the provider is asked for its models when absent.'),
};

/** Services with an address of their own and a list of their models. */
const hosted = [
  'openai',
  'openai-responses',
  'anthropic',
  'google',
  'mistral',
  'groq',
  'xai',
  'deepseek',
  'openrouter',
] as const;

const ProviderConfig = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.enum(hosted), baseUrl: url.optional(), key: key.optional() }),
  z.strictObject({ ...common, kind: z.literal('openai-compatible'), baseUrl: url, key: key.optional() }),
  z.strictObject({ ...common, kind: z.literal('azure'), baseUrl: url, models: named, key: key.optional() }),
  z.strictObject({
    ...common,
    kind: z.literal('bedrock'),
    baseUrl: url.optional(),
    models: named,
    key: key.optional(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('simulator'),
    options: z.record(z.string(), z.json()).optional().describe('How the simulated provider behaves.'),
  }),
]);

const SpecialistConfig = z.strictObject({
  provider: z.string().min(1).max(100).describe('The id of a provider.'),
  model: z.string().min(1).max(300),
  persona: z.string().min(1).max(20_000).optional().describe('Replaces the persona of the roster.'),
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.int().positive().optional(),
});

const onThisComputer = z
  .string()
  .regex(
    /^https?:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?\/?$/,
    'must be an address on this computer, such as http://127.0.0.1:11434',
  );

const LocalServices = z
  .union(
    [
      z.literal(false),
      z.strictObject({
        ollama: onThisComputer.optional(),
        lmStudio: onThisComputer.optional(),
        llamaCpp: onThisComputer.optional(),
      }),
    ],
    'expected false, or an object with addresses on this computer',
  )
  .prefault({})
  .describe('AI services that are looked for on this computer, at their usual ports when absent; false: none.');

const Limits = z.strictObject({
  turns: z.int().min(1).max(1024).default(64).describe('Turns that run at the same time; more wait in a queue.'),
  stallMs: z
    .int()
    .min(1000)
    .max(3_600_000)
    .default(60_000)
    .describe('A turn that hears nothing for so long has stalled.'),
  retries: z.int().min(0).max(10).default(3).describe('Attempts after a first one that failed before its first token.'),
  completions: z
    .int()
    .min(1)
    .max(100_000)
    .default(1024)
    .describe('Answers outside of any session that run at the same time; more are refused.'),
  connections: z
    .int()
    .min(10)
    .max(100_000)
    .default(12_000)
    .describe('Programs and browsers that may be connected at the same time.'),
  requestsPerMinute: z
    .int()
    .min(10)
    .max(1_000_000_000)
    .default(6000)
    .describe('Requests and messages that one access token, or one address, may send in a minute.'),
});

const name = z
  .string()
  .max(260)
  .regex(/^[a-z\d][\w.-]*(:\d{1,5})?$/i, 'must be a name, such as choragus.example.org, maybe with a port');

const Gateway = z.strictObject({
  host: z.string().min(1).max(260).optional().describe('Address or name to listen at; 127.0.0.1 when absent.'),
  tls: z
    .strictObject({
      cert: z.string().min(1).describe('A file with the certificate and what it is signed by, as PEM.'),
      key: z.string().min(1).describe('A file with its private key, as PEM.'),
    })
    .optional()
    .describe('Paths are seen from the folder of this file. Needed where other computers can reach it.'),
  plainHttp: z
    .boolean()
    .default(false)
    .describe('Other computers may reach it without TLS: whoever is on the way can read everything.'),
  names: z
    .array(name)
    .max(20)
    .default([])
    .describe('Names under which others reach it; with a port where that is not the one that it listens on.'),
  origins: z
    .array(
      z
        .string()
        .max(300)
        .regex(/^https?:\/\/[^\s/?#@\\]+$/i, 'must be an origin, such as https://example.org'),
    )
    .max(20)
    .default([])
    .describe('Web sites whose pages may ask it, with an access token.'),
});

/** The configuration file. Keys stand in it only as names of environment variables; `loadConfig` reads their values. */
export const ConfigSchema = z
  .strictObject({
    $schema: z.string().optional(),
    providers: z
      .array(ProviderConfig)
      .default([])
      .superRefine((providers, context) => {
        const seen = new Set<string>();
        for (const [index, { id }] of providers.entries()) {
          if (seen.has(id))
            context.addIssue({ code: 'custom', path: [index, 'id'], message: 'stands in this file twice' });
          seen.add(id);
        }
      }),
    specialists: z
      .record(z.string().min(1).max(100), SpecialistConfig)
      .default({})
      .describe('Which model each specialist uses, by the specialist id.'),
    localServices: LocalServices,
    limits: Limits.prefault({}),
    gateway: Gateway.prefault({}).describe('Where other programs reach Choragus.'),
  })
  .meta({ title: 'Configuration of Choragus' });

export type Config = z.output<typeof ConfigSchema>;
export type ProviderConfig = z.output<typeof ProviderConfig>;
export type SpecialistConfig = z.output<typeof SpecialistConfig>;
export type GatewayConfig = z.output<typeof Gateway>;

export interface LoadedConfig {
  config: Config;
  /** The values of the keys that the file names, by provider id. They are for the secret store alone. */
  keys: Map<string, string>;
}

export const emptyConfig = (): LoadedConfig => ({ config: ConfigSchema.parse({}), keys: new Map() });

/** Throws a Problem that names file, line and column of what is wrong; it never quotes a value, which may be a key. */
export function loadConfig(file: string, env: Record<string, string | undefined>): LoadedConfig {
  const text = read(file);
  const scan = scanJson(text);
  const wrong = (offset: number, what: string, next: string, cause?: unknown) =>
    new Problem('INVALID_PARAMS', `The configuration ${file}, ${place(text, offset)}: ${what}.`, next, { cause });

  if (scan.error !== null)
    throw wrong(scan.error.offset, scan.error.message, 'Correct the JSON there and start again.');

  const parsed = ConfigSchema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const [first] = parsed.error.issues
      .map((issue) => ({ ...describe(issue), offset: scan.find(pathOf(issue), issue.code === 'unrecognized_keys') }))
      .sort((a, b) => a.offset - b.offset);
    throw wrong(first!.offset, first!.what, first!.next);
  }

  const keys = new Map<string, string>();
  for (const [index, provider] of parsed.data.providers.entries()) {
    const name = 'key' in provider ? reference.exec(provider.key ?? '')?.[1] : undefined;
    if (name === undefined) continue;
    const value = env[name];
    if (value === undefined || value === '')
      throw wrong(
        scan.find(['providers', index, 'key']),
        `providers[${index}].key names the environment variable ${name}, which is not set`,
        `Set ${name} and start again, or remove this provider.`,
      );
    keys.set(provider.id, value);
  }
  return { config: parsed.data, keys };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Problem(
      'NOT_FOUND',
      `The configuration ${file} ${missing ? 'does not exist' : `cannot be read (${(cause as Error).message})`}.`,
      'Give the path of a configuration file with --config, or leave it out.',
      { cause },
    );
  }
}

type Issue = z.core.$ZodIssue;

/** An unknown key is told by its own name, everything else by where it stands. */
const pathOf = (issue: Issue): PropertyKey[] =>
  issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;

function describe(issue: Issue): { what: string; next: string } {
  const at = pathOf(issue).reduce<string>(
    (path, step) =>
      typeof step === 'number' ? `${path}[${step}]` : path === '' ? String(step) : `${path}.${String(step)}`,
    '',
  );
  const where = at === '' ? 'the whole text' : at;
  if (issue.code === 'unrecognized_keys')
    return { what: `${where} is not a setting of Choragus`, next: `Remove it. ${all}` };
  if (issue.message.endsWith('received undefined')) return { what: `${where} is missing`, next: `Add it. ${all}` };
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined)
    return { what: `${where} is no kind of provider that Choragus knows`, next: `Correct it and start again. ${all}` };
  const ours = issue.code === 'custom' || issue.code === 'invalid_format';
  const what = ours
    ? issue.message
    : `is wrong: ${issue.message.replace(/^Invalid input: /, '').replace(/^./, (letter) => letter.toLowerCase())}`;
  return { what: `${where} ${what}`, next: `Correct it and start again. ${all}` };
}

const all = 'All settings are listed in resources/config.schema.json.';
