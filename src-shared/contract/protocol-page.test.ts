import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { problems } from '../domain/problem.ts';
import { HEARTBEAT_MS, INITIAL_CREDIT, MAX_BATCH, MAX_CALLS, MAX_STREAMS } from '../wire/messages.ts';
import { GENTLE } from '../wire/reconnect.ts';
import { calls, MAX_FRAME, MAX_TEXT, PROTOCOL, streams } from './contract.ts';
import { scopes } from './scopes.ts';
import { keptTopics, topics } from './topics.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/protocol.md'), 'utf8');

/** The cells of the table below this head, without marks. */
function table(head: string): string[][] {
  const lines = page.slice(page.indexOf(`\n| ${head} |`) + 1).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  return rows
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.replace(/[`*]/g, '').trim()));
}

const scopesOf = (name: keyof typeof scopes) => {
  const given = scopes[name];
  return given === 'user' ? 'user' : given.join(', ');
};

it('the page names every call and stream with the scopes that open it', () => {
  const names = <Table extends object>(table: Table) => Object.keys(table) as (keyof Table & keyof typeof scopes)[];
  expect(table('call')).toEqual(names(calls).map((name) => [name, scopesOf(name)]));
  expect(table('stream')).toEqual(names(streams).map((name) => [name, scopesOf(name)]));
});

it('the page names every topic with its sort and its fields', () => {
  const sortOf = (name: string) => (name in keptTopics ? 'kept' : 'present');
  const fieldsOf = (shape: object) => Object.keys(shape).join(', ') || '–';
  expect(table('topic')).toEqual(
    Object.entries(topics).map(([name, { shape }]) => [name, sortOf(name), fieldsOf(shape)]),
  );
});

it('the page names every problem with its numbers, and says what it means', () => {
  const rows = table('code');
  expect(rows.map(([code, rpc, http]) => [code, Number(rpc), Number(http)])).toEqual(
    Object.entries(problems).map(([code, { rpc, http }]) => [code, rpc, http]),
  );
  for (const row of rows) expect(row[3]).toMatch(/\w/);
});

it('the page tells the limits as they are', () => {
  expect(page).toContain(`"protocol": ${PROTOCOL},`);
  expect(page).toContain(`"heartbeatMs": ${HEARTBEAT_MS}`);
  expect(page).toContain(`"limits": {"frame": ${MAX_FRAME}, "text": ${MAX_TEXT}}`);
  expect(page).toContain(`an array of up to ${MAX_BATCH}.`);
  expect(page).toContain(`${INITIAL_CREDIT} items may be on their way`);
  expect(page).toContain(`| calls not answered, of a connection | ${MAX_CALLS} |`);
  expect(page).toContain(`| streams of a connection | ${MAX_STREAMS} |`);
  expect(page).toContain(`up to ${GENTLE.mostMs / 1000} s`);
});
