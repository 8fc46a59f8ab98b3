import { beforeEach, describe, expect, it, vi } from 'vitest';
import { SYSTEM } from '#shared/domain/events.ts';
import { batch } from '../../log/testing/folder.ts';
import { Discovery, type DiscoveryOptions, listing, MemorySecrets } from './testing/discovery.ts';
import { diskForEach } from './testing/disk.ts';

const here = 'http://127.0.0.1:4000/v1';
const there = 'https://ai.example/v1';

const disk = diskForEach();
let app: Discovery;
beforeEach(async () => {
  app = await started();
});

async function started(options: Partial<DiscoveryOptions> = {}) {
  const made = new Discovery({ log: disk.log, ...options });
  made.hosts.set('http://127.0.0.1:4000', ['one', 'two']);
  made.hosts.set('https://ai.example', ['big']);
  return made.start();
}
/** As it is after the end of the process and a new start. */
async function again(options: Partial<DiscoveryOptions> = {}) {
  await disk.restart();
  return started({ secrets: app.secrets, ...options });
}
const change = (id: string, wish: Parameters<Discovery['registry']['change']>[1]) =>
  app.registry.change(id, wish, app.row());
const events = async () => (await disk.log.read({ session: SYSTEM, after: 0, limit: 100 })).map(({ type }) => type);
const lastAsked = () => app.asked.at(-1);

describe('changing a provider', () => {
  beforeEach(() => app.connect('Near', here, { key: 'canary-key' }));

  it('keeps what is not named, and is the same after a new start', async () => {
    await change('near', { name: 'Nearer' });
    expect(app.provider('near')?.state).toBe('ready');
    const expected = { name: 'Nearer', baseUrl: here, enabled: true, key: 'stored', local: true, origin: 'user' };
    expect(app.provider('near')).toMatchObject(expected);
    expect((await again()).provider('near')).toMatchObject(expected);
    expect(app.roster.resolve({ provider: 'near', model: 'one' }).speaker.providerName).toBe('Nearer');
  });

  it('asks the new address at once, and keeps the change when nobody answers there', async () => {
    await change('near', { baseUrl: 'http://127.0.0.1:4001/v1', key: '' });
    await vi.waitFor(() => expect(app.provider('near')?.state).toBe('unreachable'));
    expect(app.provider('near')).toMatchObject({ baseUrl: 'http://127.0.0.1:4001/v1', key: 'none' });
    await change('near', { baseUrl: 'http://127.0.0.1:4000/v2' });
    await vi.waitFor(() => expect(app.provider('near')?.state).toBe('ready'));
  });

  it('sends the key to no other host: there it has to be entered again, or goes', async () => {
    const moving = change('near', { baseUrl: there });
    await expect(moving).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The key of Near was entered for http://127.0.0.1:4000 and is not sent to https://ai.example.',
      next: 'Enter the key for the new address, or delete it.',
    });
    expect(app.provider('near')).toMatchObject({ baseUrl: here, key: 'stored' });
    expect(app.secrets.keys.get('near')).toBe('canary-key');

    await change('near', { baseUrl: there, key: 'canary-new' });
    await vi.waitFor(() => expect(lastAsked()).toEqual({ baseUrl: there, key: 'canary-new' }));
    await change('near', { baseUrl: here, key: '' });
    await vi.waitFor(() => expect(lastAsked()).toEqual({ baseUrl: here, key: undefined }));
    expect(app.secrets.keys.size).toBe(0);
    expect(app.asked.filter(({ key }) => key === 'canary-new').map(({ baseUrl }) => baseUrl)).toEqual([there]);
  });

  it('keeps the key for another path of the same host', async () => {
    await change('near', { baseUrl: 'http://127.0.0.1:4000/other' });
    await vi.waitFor(() => expect(lastAsked()).toEqual({ baseUrl: 'http://127.0.0.1:4000/other', key: 'canary-key' }));
  });

  it('gives a new key to no turn that still runs with the old address', async () => {
    const { provider: old } = app.roster.resolve({ provider: 'near', model: 'one' });
    await change('near', { baseUrl: there, key: 'canary-new' });
    await old.models(new AbortController().signal);
    expect(app.asked.filter(({ baseUrl }) => baseUrl === here).at(-1)?.key).toBeUndefined();
    expect(old.baseUrl).toBe(here);
  });

  it('leaves the old key where it was when the change cannot be stored', async () => {
    vi.spyOn(app.ledger, 'commit').mockRejectedValueOnce(new Error('disk full'));
    await expect(change('near', { baseUrl: there, key: 'canary-new' })).rejects.toThrow('disk full');
    expect(app.secrets.keys.get('near')).toBe('canary-key');
    expect(app.provider('near')?.baseUrl).toBe(here);
  });

  it('leaves a key there that cannot be read here when the change cannot be stored', async () => {
    vi.spyOn(app.secrets, 'get').mockRejectedValue(new Error('locked'));
    vi.spyOn(app.ledger, 'commit').mockRejectedValueOnce(new Error('disk full'));
    await expect(change('near', { baseUrl: there, key: '' })).rejects.toThrow('disk full');
    expect(app.secrets.keys.get('near')).toBe('canary-key');
  });

  it('tells that the key was not kept, and has moved without one, when the keychain refuses it', async () => {
    app.secrets.down = true;
    await expect(change('near', { baseUrl: there, key: 'canary-new' })).rejects.toThrow('keychain is locked');
    expect(app.provider('near')).toMatchObject({ baseUrl: there, key: 'none' });
  });

  it('counts a command with a key as carried out only when the key is stored: the same again stores it', async () => {
    const row = app.row();
    const send = () => app.registry.change('near', { baseUrl: there, key: 'canary-new' }, row);
    app.secrets.down = true;
    await expect(send()).rejects.toThrow('keychain is locked');
    expect(await disk.log.command(row.id)).toBeNull();
    app.secrets.down = false;
    app = await again();
    await send();
    expect(app.secrets.keys.get('near')).toBe('canary-new');
    expect(await disk.log.command(row.id)).toEqual({ hash: row.hash, result: row.result });
    expect(app.provider('near')).toMatchObject({ baseUrl: there, key: 'stored' });
  });

  it('takes models that are named by hand as they are, and asks again when none are', async () => {
    const before = app.asked.length;
    await change('near', { models: ['mine'] });
    expect(app.provider('near')).toMatchObject({ fixedModels: true, models: [{ id: 'mine' }] });
    expect(app.asked.length).toBe(before);
    app = await again();
    expect(app.provider('near')).toMatchObject({ fixedModels: true, models: [{ id: 'mine' }] });
    await change('near', { models: [] });
    await vi.waitFor(() => expect(app.provider('near')?.models).toEqual([{ id: 'one' }, { id: 'two' }]));
    expect(app.provider('near')?.fixedModels).toBe(false);
  });

  it('neither asks, nor binds, nor offers one that is switched off', async () => {
    expect(app.specialist('apollo')?.binding?.provider).toBe('near');
    await change('near', { enabled: false });
    const before = app.asked.length;
    await app.providers.checkAll();
    expect(app.asked.length).toBe(before);
    expect(app.specialist('apollo')?.binding).toBeNull();
    expect(app.provider('near')).toMatchObject({ enabled: false, state: 'unknown', problem: null });
    for (const asking of [
      async () => app.roster.resolve({ provider: 'near', model: 'one' }),
      () => app.providers.check('near'),
    ])
      await expect(asking()).rejects.toMatchObject({ code: 'CONFLICT', message: 'Near is switched off.' });
    expect((await again()).provider('near')?.enabled).toBe(false);
  });

  it('is for what the user connected: not for what the configuration declares, nor for what is always there', async () => {
    app.providers.add(listing('fixed', ['x']), { origin: 'config' });
    await expect(change('fixed', { name: 'Mine' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'FIXED is declared in the configuration file.',
    });
    await expect(change('offline', { enabled: false })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(change('nobody', {})).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(app.registry.remove('fixed', app.row())).rejects.toThrow('configuration file');
    await expect(app.registry.remove('offline', app.row())).rejects.toThrow('part of Choragus');
    expect(await events()).toEqual(['provider.connected']);
  });

  it('is done one after the other, each on what the one before has left', async () => {
    await Promise.all([change('near', { name: 'First' }), change('near', { enabled: false }), change('near', {})]);
    expect(app.provider('near')).toMatchObject({ name: 'First', enabled: false, baseUrl: here });
  });
});

describe('connecting a provider', () => {
  it('does not ask one for its models when they are named', async () => {
    const { provider } = await app.connect('Cloud', 'https://down.example', { kind: 'azure', models: ['gpt-x'] });
    expect(app.asked).toEqual([]);
    expect(app.provider(provider)).toMatchObject({ fixedModels: true, models: [{ id: 'gpt-x' }], state: 'ready' });
    expect(app.roster.view().specialists[0]?.binding?.model).toBe('gpt-x');
  });

  it('gives no id a second time, not after a new start either, and none of those that found ones have', async () => {
    expect(await app.connect('Found Ollama', here)).toEqual({ provider: 'ollama' });
    expect(await Promise.all([app.connect('Near', here), app.connect('near!', here)])).toEqual([
      { provider: 'near' },
      { provider: 'near-2' },
    ]);
    await app.registry.remove('near', app.row());
    const later = await again();
    expect(await later.connect('Near', here)).toEqual({ provider: 'near-3' });
  });

  it('gives it no key that a kill left behind under its id', async () => {
    app.secrets.keys.set('near', 'canary-old');
    await app.connect('Near', here);
    await app.providers.check('near');
    expect(lastAsked()).toEqual({ baseUrl: here, key: undefined });
  });

  it('keeps neither key nor fact of one that does not answer or offers nothing', async () => {
    app.hosts.set('http://127.0.0.1:4000', []);
    await expect(app.connect('Near', here, { key: 'canary-key' })).rejects.toMatchObject({ code: 'PROVIDER_EMPTY' });
    await expect(app.connect('Near', 'http://127.0.0.1:9/v1', { key: 'canary-key' })).rejects.toMatchObject({
      code: 'PROVIDER_UNREACHABLE',
    });
    expect([app.secrets.keys.size, await events()]).toEqual([0, []]);
  });
});

describe('what the log says about providers', () => {
  it('is kept where this version does not know it: neither used, nor forgotten, nor is its key', async () => {
    const declaration = { provider: 'far', kind: 'hyperspace', name: 'Far', baseUrl: there };
    await disk.log.append(batch(SYSTEM, [{ type: 'provider.connected', data: declaration }]));
    const secrets = new MemorySecrets();
    secrets.keys.set('far', 'canary-far').set('gone', 'canary-gone');
    app = await again({ secrets });
    expect(app.provider('far')).toBeUndefined();
    expect(secrets.keys.get('far')).toBe('canary-far');
    expect(await app.connect('Far', here)).toEqual({ provider: 'far-2' });
  });

  it('deletes a key that a kill left behind when its provider was removed', async () => {
    await app.connect('Near', here, { key: 'canary-key' });
    await app.registry.remove('near', app.row());
    app.secrets.keys.set('near', 'canary-key');
    await again();
    expect(app.secrets.keys.size).toBe(0);
  });

  it('remembers which models cannot stream', async () => {
    await app.connect('Near', here);
    app.registry.cannotStream('near', 'two');
    await vi.waitFor(async () => expect(await events()).toContain('model.observed'));
    const later = await again();
    expect(later.registry.streams('near', 'two')).toBe(false);
    expect(later.registry.streams('near', 'one')).toBe(true);
  });

  it('says once that a model cannot stream, however many turns find out at once, and again if that was not stored', async () => {
    const warned: string[] = [];
    app = await again({ logger: { warn: (_, message) => warned.push(message) } });
    await app.connect('Near', here);
    const turns = () => {
      for (let turn = 0; turn < 3; turn++) app.registry.cannotStream('near', 'two');
    };
    vi.spyOn(app.ledger, 'commit').mockRejectedValueOnce(new Error('disk full'));
    turns();
    await vi.waitFor(() => expect(warned).toEqual(['An observation could not be stored.']));
    turns();
    await vi.waitFor(() => expect(app.registry.streams('near', 'two')).toBe(false));
    turns();
    expect(await events()).toEqual(['provider.connected', 'model.observed']);
  });

  it('holds no key', async () => {
    await app.connect('Near', here, { key: 'canary-key' });
    await change('near', { key: 'canary-new', name: 'Nearer' });
    const all = JSON.stringify(await disk.log.read({ session: SYSTEM, after: 0, limit: 100 }));
    expect(all).toContain('Nearer');
    expect(all + JSON.stringify(app.roster.view())).not.toContain('canary');
  });
});
