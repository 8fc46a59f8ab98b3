import { expect, test } from 'vitest';
import type { SpecialistInfo } from '#shared/domain/summary.ts';
import type { App } from '../../../../state/app.ts';
import { giveModel } from './use-for.ts';

const model = { provider: 'p', model: 'm' };
const all = ['apollo', 'metis', 'numa'].map((id) => ({ id, name: id }) as SpecialistInfo);

/** An app whose answers are here at once; `stubborn` cannot be changed. */
function setUp(stubborn?: string) {
  const given: object[] = [];
  const said: string[] = [];
  const app = {
    try: async (_: string, __: string, { specialist }: { specialist: string }) => ({
      definition: { name: specialist, persona: 'kept', model: null },
    }),
    act: async (_: string, __: string, params: { specialist: string }) => {
      if (params.specialist === stubborn) return undefined;
      given.push(params);
      return {};
    },
    say: (text: string) => said.push(text),
  };
  return { app: app as unknown as App, given, said };
}

test('several specialists get a model, and nothing else of them changes', async () => {
  const { app, given, said } = setUp();
  await giveModel(app, 'here', all, model);
  expect(given).toEqual(all.map(({ id }) => ({ specialist: id, definition: { name: id, persona: 'kept', model } })));
  await giveModel(app, 'here', all.slice(0, 1), null);
  expect(said).toEqual(['3 specialists use m.', 'apollo uses the best model at hand.']);
});

test('the first one that cannot be changed ends it, and nothing is claimed', async () => {
  const { app, given, said } = setUp('metis');
  await giveModel(app, 'here', all, model);
  expect(given).toHaveLength(1);
  expect(said).toEqual([]);
});
