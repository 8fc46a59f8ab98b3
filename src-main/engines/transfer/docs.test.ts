import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bounds, SessionFile } from './format.ts';
import { MOST_BYTES, MOST_DEPTH } from './json-pieces.ts';
import { limits } from './sources.ts';
import { eventsIn } from './testing/text-of.ts';

const page = readFileSync(new URL('../../../docs/export.md', import.meta.url), 'utf8');

it('the example in the docs is a file that can be imported', () => {
  const [, example] = /```json\n([\s\S]*?)```/.exec(page)!;
  expect(SessionFile.parse(JSON.parse(example!))).toEqual(JSON.parse(example!));
  expect(eventsIn(example!).events.map(({ type }) => type)).toEqual([
    ...['session.created', 'session.arranged', 'message.added', 'turn.requested', 'turn.connecting', 'turn.finished'],
    ...['turn.timed', 'node.pinned', 'branch.named'],
  ]);
});

it('the bounds in the docs are those that hold', () => {
  const text = page.replace(/\s+/g, ' ');
  const said = (value: number) => value.toLocaleString('en');
  for (const words of [
    `one value of more than ${MOST_BYTES / 1024 / 1024} MB or ${MOST_DEPTH} deep`,
    `a message of more than ${said(bounds.message)} characters, an answer of more than ${said(bounds.answer)}`,
    `more than ${said(bounds.nodes)} nodes in a session`,
    `more than ${said(limits.entries)} files, ${limits.session / 1e9} GB of one session or ${limits.all / 1e9} GB of all`,
    `more than ${limits.ratio} times its packed size`,
  ])
    expect(text).toContain(words);
});
