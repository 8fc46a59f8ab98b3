import SQLite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventVersions } from '#shared/domain/events.ts';
import { Keys, TypeNames, typeId, types } from './keys.ts';
import { migrations, nameTypes } from './migrations.ts';
import { batch, created, Folder } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

describe('keys of sessions', () => {
  it('are given once, and known again by everybody who opens the file', async () => {
    const log = folder.open();
    for (const session of ['a', 'b', 'a'])
      await log.append(batch(session, [{ type: 'session.renamed', data: { title: session } }]));
    await folder.close(log);
    folder.look((db) => {
      const keys = new Keys(db);
      expect([keys.of('a'), keys.of('b'), keys.of('c')]).toEqual([1, 2, undefined]);
      expect([keys.id(2), keys.id(1)]).toEqual(['b', 'a']);
      expect(() => keys.id(3)).toThrow('No session has the key 3.');
    });
  });

  it('of a step that could not be written are given to whoever comes next', async () => {
    let full = true;
    const log = folder.open({
      beforeCommit: () => {
        if (full) throw Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
      },
    });
    await expect(log.append(batch('lost', [created('Lost')]))).rejects.toMatchObject({ code: 'STORAGE' });
    full = false;
    await log.append(batch('kept', [created('Kept')]));
    await log.append(batch('lost', [created('Found')]));
    expect((await log.read({ session: 'kept', limit: 5 })).map(({ data }) => data)).toEqual([{ title: 'Kept' }]);
    expect((await log.read({ session: 'lost', limit: 5 })).map(({ data }) => data)).toEqual([{ title: 'Found' }]);
    expect((await log.snapshot('lost', 5))!.view.title).toBe('Found');
  });
});

describe('numbers of types', () => {
  it('are there for every type, none twice, and in the file with their names', () => {
    expect(Object.keys(typeId).sort()).toEqual(Object.keys(eventVersions).sort());
    expect(new Set(Object.values(typeId)).size).toBe(Object.keys(typeId).length);
    const db = new SQLite(':memory:');
    for (const { up } of migrations) up(db);
    nameTypes(db);
    const named = db.prepare('SELECT name, id FROM event_types').all() as { name: string; id: number }[];
    expect(Object.fromEntries(named.map(({ name, id }) => [name, id]))).toEqual(typeId);
    expect(types('turn.part', 'session.created')).toBe('1, 2');
    db.exec(`INSERT INTO event_types (id, name) VALUES (5000, 'to.come')`);
    const names = new TypeNames(db);
    expect([names.of(1), names.of(5000), names.of(6000)]).toEqual(['turn.part', 'to.come', 'unknown.6000']);
    db.close();
  });
});
