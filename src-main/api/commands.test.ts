import { beforeEach, describe, expect, it } from 'vitest';
import { uuidv7 } from '#shared/kit/ids.ts';
import { Commands } from './commands.ts';

let rows: Map<string, { hash: string; result: unknown }>;
let commands: Commands;
let effects: number;

beforeEach(() => {
  rows = new Map();
  effects = 0;
  commands = new Commands({ command: async (id) => rows.get(id) ?? null });
});

const id = () => uuidv7(Date.now(), Math.random);

const run = (command: string, text = 'x') =>
  commands.once(
    'messages.send',
    { command, text },
    async (remember: (result: { turn: string }) => { id: string; hash: string; result: unknown }) => {
      await Promise.resolve();
      const result = { turn: `t${++effects}` };
      rows.set(command, remember(result));
      return result;
    },
  );

describe('a command', () => {
  it('takes effect once and answers the same, however often it comes', async () => {
    const command = id();
    expect(await run(command)).toEqual({ turn: 't1' });
    expect(await run(command)).toEqual({ turn: 't1' });
    expect(effects).toBe(1);
  });

  it('takes effect once when it comes twice at the same time', async () => {
    const command = id();
    expect(await Promise.all([run(command), run(command)])).toEqual([{ turn: 't1' }, { turn: 't1' }]);
    expect(effects).toBe(1);
  });

  it('with another body is a conflict, while the first one runs and afterwards', async () => {
    const command = id();
    const first = run(command, 'a');
    await expect(run(command, 'b')).rejects.toMatchObject({ code: 'CONFLICT' });
    await first;
    await expect(run(command, 'b')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(effects).toBe(1);
  });

  it('does not depend on the order of its fields', async () => {
    const command = id();
    await commands.once(
      'm',
      { command, a: 1, b: { c: 2, d: 3 } },
      async (remember: (result: object) => { id: string; hash: string; result: unknown }) => {
        rows.set(command, remember({}));
        return {};
      },
    );
    await commands.once('m', { b: { d: 3, c: 2 }, a: 1, command }, async () => {
      throw new Error('must not run');
    });
  });

  it('that was refused may be sent again', async () => {
    const command = id();
    const refused = commands.once('messages.send', { command, text: 'x' }, async () => {
      throw new Error('busy');
    });
    await expect(refused).rejects.toThrow('busy');
    expect(await run(command)).toEqual({ turn: 't1' });
  });
});
