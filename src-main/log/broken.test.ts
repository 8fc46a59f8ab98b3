import { afterEach, beforeEach, expect, test } from 'vitest';
import { batch, created, Folder, finished, message, requested } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

test('rows that are no JSON blind neither the list, nor other sessions, nor the search', async () => {
  const log = folder.open();
  for (const session of ['a', 'b', 'c', 'd']) {
    const events = [
      created(session),
      message(`m${session}`, `otter ${session}`),
      requested(`t${session}`, `m${session}`),
    ];
    await log.append(batch(session, [...events, finished(`t${session}`, `badger ${session}`)]));
  }
  const whole = await log.snapshot('d', 10);
  await folder.close(log);
  folder.change((db) => {
    const break_ = db.prepare(
      'UPDATE events SET data = ? WHERE seq IN (SELECT seq FROM named_events WHERE session = ? AND type = ?)',
    );
    break_.run('{"text":', 'a', 'message.added');
    break_.run('', 'b', 'turn.requested');
    break_.run('{"text":5}', 'c', 'turn.finished');
  });

  const again = folder.open();
  await again.indexed();
  const { sessions } = await again.summaries({ limit: 10 });
  expect(sessions.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c', 'd']);
  expect(sessions.find(({ id }) => id === 'b')).toMatchObject({ title: 'b' });
  expect(await again.snapshot('d', 10)).toEqual(whole);
  expect(Object.keys((await again.snapshot('a', 10))!.view.nodes)).toEqual(['ta']);
  const found = async (query: string) =>
    (await again.search(query, { limit: 10 })).map(({ node, by }) => `${node} ${by}`);
  expect((await found('otter')).sort()).toEqual(['mb you', 'mc you', 'md you']);
  expect((await found('badger')).sort()).toEqual(['ta Editor', 'tb ', 'td Editor']);
  await again.append(batch('e', [created('e'), message('me', 'otter again')]));
  await again.indexed();
  expect(await found('again')).toEqual(['me you']);
  await folder.close(again);

  // What was indexed before it broke is found by its words, but cannot be shown.
  folder.change((db) =>
    db.exec(`UPDATE events SET data = 'x' WHERE seq IN
       (SELECT seq FROM named_events WHERE session = 'd' AND type = 'message.added')`),
  );
  const last = folder.open();
  expect((await last.search('otter', { limit: 10 })).map(({ node }) => node).sort()).toEqual(['mb', 'mc', 'me']);
});
