import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Sealer, type SecretOptions, secretStore } from './secrets.ts';

let folder: string;
let file: string;
let hidden: string[];
let tightened: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'choragus-secrets-'));
  file = join(folder, 'secrets.json');
  hidden = [];
  tightened = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (fixed: SecretOptions['fixed'] = new Map(), sealer?: Sealer) =>
  secretStore({
    file,
    fixed,
    hide: (value) => hidden.push(value),
    tightened: (path) => tightened.push(path),
    ...(sealer && { sealer }),
  });
const openWith = (sealer: Sealer) => open(undefined, sealer);
const text = () => readFileSync(file, 'utf8');

/** Opens what it has sealed itself, and nothing else. */
const keychain = (name: string, change: Partial<Sealer> = {}): Sealer => ({
  name,
  sealed: true,
  warning: null,
  seal: (value) => Buffer.from(`${name} ${[...value].reverse().join('')}`).toString('base64'),
  open(sealed) {
    const [by, ...rest] = Buffer.from(sealed, 'base64').toString().split(' ');
    if (by !== name) throw new Error('Sealed by another one.');
    return [...rest.join(' ')].reverse().join('');
  },
  ...change,
});

it('keeps what was set, over a restart, in a file for its owner alone', async () => {
  await open().set('openai', 'sesame');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await open().get('openai')).toBe('sesame');
  expect(await open().get('anthropic')).toBeNull();
  expect(readdirSync(folder)).toEqual(['secrets.json']);
});

it('forgets what was deleted', async () => {
  const secrets = open();
  await secrets.set('openai', 'sesame');
  await secrets.set('other', 'open');
  await secrets.delete('openai');
  expect(await secrets.get('openai')).toBeNull();
  expect(readFileSync(file, 'utf8')).not.toContain('sesame');
  expect(await open().get('other')).toBe('open');
});

it('prefers the environment and never writes it down', async () => {
  const secrets = open(new Map([['openai', 'from the environment']]));
  await secrets.set('openai', 'typed');
  expect(await secrets.get('openai')).toBe('from the environment');
  expect(readFileSync(file, 'utf8')).not.toContain('environment');
});

it('has every value hidden from the log before it can be used', async () => {
  await open().set('a', 'typed');
  open(new Map([['b', 'from the environment']]));
  expect(hidden).toEqual(['typed', 'typed', 'from the environment']);
});

it('hides what is sent of a value, without the end of the line around it', () => {
  open(new Map([['a', ' from the environment\n']]));
  expect(hidden).toEqual(['from the environment']);
});

it.skipIf(process.platform === 'win32')('tightens a file that others may read, and says so', async () => {
  await open().set('openai', 'sesame');
  expect(tightened).toEqual([]);
  chmodSync(file, 0o644);
  expect(await open().get('openai')).toBe('sesame');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(tightened).toEqual([file]);
});

it.each(['{', '[]', 'null', '{"openai":{"key":"sesame"}}'])(
  'refuses a damaged file and keeps it as it is: %s',
  (text) => {
    writeFileSync(file, text);
    expect(() => open()).toThrow(`The file with your providers' keys, ${file}, is damaged.`);
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

it('says so when the file cannot be written, without the value, and forgets the value', async () => {
  const secrets = open();
  mkdirSync(file);
  const failure = await secrets.set('openai', 'sesame').then(
    () => null,
    (error: Error) => error,
  );
  expect(failure?.message).toBe(`${file} could not be written (EISDIR).`);
  expect(await secrets.get('openai')).toBeNull();
});

describe('with a keychain', () => {
  it('a key is sealed in the file, opens after a restart, and is hidden from the log by then', async () => {
    await openWith(keychain('ring')).set('openai', 'sesame');
    expect(text()).not.toContain('sesame');
    hidden = [];
    const again = openWith(keychain('ring'));
    expect(hidden).toEqual(['sesame']);
    expect([await again.get('openai'), again.state('openai')]).toEqual(['sesame', 'stored']);
    expect(again.describe()).toEqual({ place: 'ring', sealed: true, warning: null });
  });

  it('what lay there plain is sealed at the start', async () => {
    await open().set('openai', 'sesame');
    expect(text()).toContain('sesame');
    expect(await openWith(keychain('ring')).get('openai')).toBe('sesame');
    expect(text()).not.toContain('sesame');
    expect(readdirSync(folder)).toEqual(['secrets.json']);
  });

  it.each([
    ['a host without one', () => open()],
    ['another one', () => openWith(keychain('other'))],
  ])('its key is locked for %s, is kept while others are written, and can be entered anew', async (_, start) => {
    await openWith(keychain('ring')).set('openai', 'sesame');
    const secrets = start();
    expect(secrets.state('openai')).toBe('locked');
    await expect(secrets.get('openai')).rejects.toMatchObject({
      code: 'PROVIDER_REFUSED',
      message: 'The key of the provider openai is locked here: it was sealed by ring.',
      next: 'Enter it again here, or use the desktop app.',
    });
    await secrets.set('other', 'open');
    expect(await openWith(keychain('ring')).get('openai')).toBe('sesame');

    const anew = start();
    await anew.set('openai', 'entered anew');
    expect([await anew.get('openai'), anew.state('openai')]).toEqual(['entered anew', 'stored']);
  });

  it('what is taken out comes back as it lay there, also where it is locked', async () => {
    await openWith(keychain('ring')).set('openai', 'sesame');
    const secrets = open();
    await secrets.set('other', 'open');
    const [sealed, plain, nothing] = [
      await secrets.take('openai'),
      await secrets.take('other'),
      await secrets.take('none'),
    ];
    expect(JSON.parse(text())).toEqual({});
    for (const giveBack of [sealed, plain, nothing]) await giveBack();
    expect(['openai', 'other', 'none'].map((id) => secrets.state(id))).toEqual(['locked', 'stored', 'none']);
    expect(await open().get('other')).toBe('open');
    expect(await openWith(keychain('ring')).get('openai')).toBe('sesame');
  });

  it('it is asked nothing, since that may open it, before there is a key or somebody wants to know', async () => {
    let asked = 0;
    const shy: Sealer = {
      ...keychain('ring'),
      get sealed() {
        asked++;
        return true;
      },
    };
    const secrets = openWith(shy);
    expect([await secrets.get('openai'), secrets.state('openai')]).toEqual([null, 'none']);
    await secrets.delete('openai');
    expect(asked).toBe(0);
    expect(secrets.describe().place).toBe('ring');
    expect(asked).toBeGreaterThan(0);
    asked = 0;
    await openWith(shy).set('openai', 'sesame');
    expect(asked).toBeGreaterThan(0);
    expect(text()).not.toContain('sesame');
  });

  it('that has nothing to seal with, keys lie in the file as they are, what it sealed before opens, and it says so', async () => {
    await openWith(keychain('ring')).set('before', 'sesame');
    const warning = { message: 'There is no keyring.', next: 'Install one.' };
    const weak = openWith(keychain('ring', { sealed: false, warning }));
    await weak.set('openai', 'in the open');
    expect(await weak.get('before')).toBe('sesame');
    expect(text()).toContain('in the open');
    expect(weak.describe()).toEqual({ place: 'a file that only you can read', sealed: false, warning });
    expect(await open().get('openai')).toBe('in the open');
  });

  const stuck = keychain('ring', {
    seal: (value) => {
      throw new Error(`No ${value}.`);
    },
  });

  it('that does not seal, nothing is kept, and the reason tells nobody the key', async () => {
    const secrets = openWith(stuck);
    await expect(secrets.set('openai', 'sesame')).rejects.toThrow(/^ring did not seal the key\.$/);
    expect([secrets.state('openai'), existsSync(file)]).toEqual(['none', false]);
  });

  it('that does not seal what lay there plain, it stays there and works, with a warning', async () => {
    await open().set('openai', 'sesame');
    const secrets = openWith(stuck);
    expect(await secrets.get('openai')).toBe('sesame');
    expect(secrets.describe()).toEqual({
      place: 'ring',
      sealed: false,
      warning: {
        message: `Keys lie unsealed in ${file}: ring did not seal the key.`,
        next: 'Unlock it, then try again.',
      },
    });
  });
});

it('tells how each key lies', async () => {
  await openWith(keychain('ring')).set('sealed', 'sesame');
  const secrets = open(new Map([['fixed', 'from the environment']]));
  await secrets.set('plain', 'typed');
  const states = ['sealed', 'fixed', 'plain', 'none'].map((id) => secrets.state(id));
  expect(states).toEqual(['locked', 'environment', 'stored', 'none']);
  expect(secrets.describe()).toEqual({ place: 'a file that only you can read', sealed: false, warning: null });
});

it('whichever host sets and deletes in whatever order, nothing else is lost, and what is sealed is never plain', async () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const step = fc.oneof(
    fc.record({ do: fc.constant('open' as const), by: fc.constantFrom('none', 'ring', 'other') }),
    fc.record({ do: fc.constant('set' as const), id, value: fc.stringMatching(/^canary-[a-z0-9]{8,20}$/) }),
    fc.record({ do: fc.constant('delete' as const), id }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      rmSync(file, { force: true });
      /** What each key is, and who sealed it. */
      const model = new Map<string, { value: string; by: string }>();
      let by = 'none';
      let secrets = open();
      for (const each of steps) {
        if (each.do === 'open') {
          by = each.by;
          secrets = by === 'none' ? open() : openWith(keychain(by));
          if (by !== 'none') for (const entry of model.values()) if (entry.by === 'none') entry.by = by;
        } else if (each.do === 'set') {
          await secrets.set(each.id, each.value);
          model.set(each.id, { value: each.value, by });
        } else {
          await secrets.delete(each.id);
          model.delete(each.id);
        }
        for (const name of ['a', 'b', 'c']) {
          const known = model.get(name);
          const open = known?.by === 'none' || known?.by === by;
          expect(secrets.state(name)).toBe(known === undefined ? 'none' : open ? 'stored' : 'locked');
          if (known === undefined || open) expect(await secrets.get(name)).toBe(known?.value ?? null);
          if (known !== undefined && known.by !== 'none') expect(text()).not.toContain(known.value);
        }
      }
      // A keychain would seal what is plain, so the host without one looks first.
      for (const host of ['none', 'ring', 'other'])
        for (const [name, known] of model)
          if (known.by === host) {
            const opener = host === 'none' ? open() : openWith(keychain(host));
            expect(await opener.get(name)).toBe(known.value);
          }
    }),
    { numRuns: 60 },
  );
});
