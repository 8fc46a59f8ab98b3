import { beforeEach, describe, expect, it } from 'vitest';
import type { SpecialistDefinition } from '#shared/domain/summary.ts';
import { Discovery, listing } from './testing/discovery.ts';
import { diskForEach } from './testing/disk.ts';

const disk = diskForEach();
let app: Discovery;
beforeEach(async () => {
  app = await started();
});

const overrides = { metis: { provider: 'near', model: 'big', persona: 'Break it.' } };
async function started() {
  const made = new Discovery({ log: disk.log, overrides });
  made.providers.add(listing('near', ['small', 'big']), { origin: 'config', models: ['small', 'big'] });
  return made.start();
}
async function again() {
  await disk.restart();
  app = await started();
}
const kassandra: SpecialistDefinition = {
  name: 'Kassandra',
  role: 'Warns of what can go wrong',
  persona: 'Be right.',
  look: { colour: 'numa', glyph: 'telos' },
  temperature: 0.3,
  maxTokens: 500,
  model: { provider: 'near', model: 'big' },
};
const create = (more: Partial<SpecialistDefinition> = {}) =>
  app.casting.create({ ...kassandra, ...more }, app.row).then(({ specialist }) => specialist);

describe('specialists of the user', () => {
  it('answer like shipped ones, also after a new start', async () => {
    expect(await create()).toBe('kassandra');
    await again();
    expect(app.specialist('kassandra')).toEqual({
      id: 'kassandra',
      name: 'Kassandra',
      role: 'Warns of what can go wrong',
      look: { colour: 'numa', glyph: 'telos' },
      primary: [],
      origin: 'own',
      chosen: { provider: 'near', model: 'big' },
      binding: { provider: 'near', providerName: 'NEAR', model: 'big', offline: false },
    });
    expect(app.casting.get('kassandra')).toEqual({ definition: kassandra, shipped: null });
    expect(app.roster.resolve({ specialist: 'kassandra' })).toMatchObject({
      speaker: { specialist: 'kassandra', name: 'Kassandra', look: kassandra.look, model: 'big' },
      system: 'Be right.',
      temperature: 0.3,
      maxTokens: 500,
    });
    expect(app.roster.view().specialists).toHaveLength(19);
  });

  it('get an id that nobody has or had, whatever their name', async () => {
    expect(await create({ name: 'Apollo' })).toBe('apollo-2');
    expect(await Promise.all([create(), create({ name: 'kassándra ' })])).toEqual(['kassandra', 'kassandra-2']);
    await app.casting.remove('kassandra', app.row());
    await again();
    expect(await create()).toBe('kassandra-3');
    expect(await create({ name: '神託' })).toBe('specialist');
    expect(await create({ name: 'constructor' })).toBe('constructor-2');
  });

  it('are gone when they are removed: who writes to them is told', async () => {
    await create();
    await app.casting.remove('kassandra', app.row());
    expect(app.specialist('kassandra')).toBeUndefined();
    const gone = { code: 'NOT_FOUND', next: 'Choose one from the picker.' };
    expect(() => app.roster.resolve({ specialist: 'kassandra' })).toThrow(expect.objectContaining(gone));
    await expect(app.casting.change('kassandra', kassandra, app.row())).rejects.toMatchObject(gone);
    await expect(app.casting.remove('kassandra', app.row())).rejects.toMatchObject(gone);
  });

  it('are not without number', async () => {
    const own = new Map(Array.from({ length: 200 }, (_, n) => [`own-${n}`, kassandra]));
    app.roster.changeSpecialists(own);
    await expect(create()).rejects.toMatchObject({ code: 'LIMIT' });
  });
});

describe('a shipped specialist', () => {
  it('is changed as a whole, and is as it came again when it is reset, the configuration included', async () => {
    const { definition, shipped } = app.casting.get('metis');
    expect(definition).toEqual(shipped);
    expect(shipped).toMatchObject({ persona: 'Break it.', model: { provider: 'near', model: 'big' } });
    const mine = { ...definition, name: 'Momos', model: null };
    await app.casting.change('metis', mine, app.row());
    await again();
    expect(app.casting.get('metis')).toEqual({ definition: mine, shipped });
    expect(app.specialist('metis')).toMatchObject({ name: 'Momos', origin: 'changed', chosen: null });
    await app.casting.remove('metis', app.row());
    await again();
    expect(app.specialist('metis')).toMatchObject({ name: 'Metis', origin: 'shipped', chosen: { model: 'big' } });
    expect(app.roster.view().specialists.map(({ id }) => id)).toHaveLength(18);
  });

  it('counts as shipped when it is made what it was', async () => {
    const { definition } = app.casting.get('athena');
    await app.casting.change('athena', { ...definition, role: 'Else' }, app.row());
    expect(app.specialist('athena')?.origin).toBe('changed');
    await app.casting.change('athena', structuredClone(definition), app.row());
    expect(app.specialist('athena')?.origin).toBe('shipped');
  });
});

describe('where specialists find a model by themselves', () => {
  it('is anywhere, until it is to be this computer only, also after a new start', async () => {
    expect(app.specialist('apollo')?.binding?.provider).toBe('near');
    await app.casting.setAutomatic('local', app.row());
    await again();
    expect(app.roster.view().automatic).toBe('local');
    expect(app.specialist('apollo')?.binding).toBeNull();
    expect(() => app.roster.resolve({ specialist: 'apollo' })).toThrow('may look for one on this computer only');
    expect(app.specialist('metis')?.binding?.provider).toBe('near');
    app.providers.add(listing('here', ['m'], { baseUrl: 'http://[::1]:4000/v1' }), { origin: 'user', models: ['m'] });
    expect(app.specialist('apollo')?.binding?.provider).toBe('here');
  });
});
