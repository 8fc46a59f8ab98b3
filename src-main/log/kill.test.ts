import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Folder } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const source = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);

/** Streams into three sessions for ever and prints each sequence that a follower was given. */
const program = (dir: string) => `
  import { writeSync } from 'node:fs';
  import { openLog } from ${source('./open.ts')};
  import { systemClock } from ${source('../hosts/clock.ts')};
  const log = openLog({ dir: ${JSON.stringify(dir)}, clock: systemClock, random: Math.random });
  const to = { specialist: 'editor' };
  const speaker = { name: 'Editor', provider: 'p', providerName: 'P', model: 'm', offline: false };
  const follower = log.follow({ after: 0, ready: async () => {
    for (const { seq, session, type, data } of await follower.read(1000))
      writeSync(1, JSON.stringify({ seq, session, type, text: data.text ?? null }) + '\\n');
  } });
  for (const session of ['a', 'b', 'c']) {
    let offset = 0;
    log.append({ session, durable: true, events: [
      { type: 'session.created', data: { title: session } },
      { type: 'message.added', data: { message: 'm', parent: null, text: 'Hello', to } },
      { type: 'turn.requested', data: { turn: 't', parent: 'm', to, speaker } },
    ] });
    const stream = {
      session,
      drain() {
        const text = 'piece at ' + offset + ' ';
        const event = { type: 'turn.part', data: { turn: 't', offset, text } };
        offset += text.length;
        return event;
      },
      committed() { setTimeout(() => log.defer(stream), Math.random() * 3); },
      failed(error) { throw error; },
    };
    log.defer(stream);
  }
`;

test('kill -9 in mid-stream loses nothing that a follower had seen', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program(folder.dir)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen: { seq: number; session: string; type: string; text: string | null }[] = [];
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    seen.push(JSON.parse(line));
    if (seen.length === 400) child.kill('SIGKILL');
  });
  const [[, signal]] = await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  expect(signal).toBe('SIGKILL');
  expect(seen.length).toBeGreaterThanOrEqual(400);

  const log = folder.open();
  expect(log.notices).toEqual([]);
  expect((await log.unfinished()).sort((a, b) => (a.session < b.session ? -1 : 1))).toEqual(
    ['a', 'b', 'c'].map((session) => ({ session, turn: 't' })),
  );
  for (const session of ['a', 'b', 'c']) {
    const kept = (await log.read({ session, limit: 10_000 })).map(({ seq, type, data }) => {
      return { seq, session, type, text: 'text' in data ? data.text : null };
    });
    const mine = seen.filter((event) => event.session === session);
    expect(kept.slice(0, mine.length)).toEqual(mine);
    const { view } = (await log.snapshot(session, 10))!;
    const text = kept.filter(({ type }) => type === 'turn.part').map((each) => each.text);
    expect(view.nodes.t).toMatchObject({ state: 'streaming', text: text.join('') });
  }
});
