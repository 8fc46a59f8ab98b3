import { afterEach, beforeEach, expect, test } from 'vitest';
import { batch, created, Folder, finished, message, part, requested, withConnection } from './testing/folder.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

/** Follows one pointer after the other, goes through what was asked for, adds up a slice, takes the first rows of a table in its order, or one row of the full-text index. */
const isBounded = (sql: string, step: string) =>
  step === 'SCAN each' ||
  step === 'SCAN down' ||
  step.startsWith('SCAN json_each') ||
  step === 'SCAN CONSTANT ROW' ||
  step === 'SCAN search VIRTUAL TABLE INDEX 0:=' ||
  (/LIMIT/.test(sql) && (step === 'SCAN (subquery-1)' || !/WHERE/.test(sql)));

test('every statement of the log finds its rows by an index and sorts nothing', async () => {
  const { migrations, db } = withConnection();
  const statements = new Set<string>();
  const log = folder.open({
    migrations: migrations.map((each) => ({
      ...each,
      up: (connection) => {
        each.up(connection);
        const prepare = connection.prepare.bind(connection);
        connection.prepare = ((sql: string) => {
          statements.add(sql);
          return prepare(sql);
        }) as typeof connection.prepare;
      },
    })),
  });
  await log.append(batch('s', [created(), message('m', 'Hello'), requested('t', 'm'), part('t', 0, 'Hi')]));
  await log.append(batch('s', [finished('t', 'Hi')]));

  const plans = [...statements]
    .filter((sql) => /^\s*(SELECT|WITH|UPDATE|DELETE)/.test(sql) && !sql.includes('sqlite_schema'))
    .map((sql) => ({ sql, plan: db().prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`) }));
  expect(plans.length).toBeGreaterThan(25);
  for (const { sql, plan } of plans) {
    const steps = plan.all(...Array(sql.split('?').length - 1).fill(1)).map((step) => step.detail);
    for (const step of steps) {
      expect.soft(step, sql).not.toMatch(/TEMP B-TREE/);
      if (sql.includes('tail = ?')) expect.soft(step, sql).toContain('INDEX nodes_by_tail');
      if (!isBounded(sql, step)) expect.soft(step, sql).not.toMatch(/^SCAN/);
    }
  }
});
