import { expect, it } from 'vitest';
import { openApi } from '../../src-main/gateway/v2/openapi.ts';
import { operations as routes } from '../../src-main/gateway/v2/routes.ts';
import { grouped, operationsOf } from './operations.ts';

const operations = operationsOf(JSON.parse(JSON.stringify(openApi('1'))));
const named = (id: string) => operations.find((each) => each.id === id)!;

it('every operation of v2 has a form, once, in its group', () => {
  expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(routes).sort());
  expect(grouped(operations).map(([group]) => group)).toEqual(['Answers', 'Turns', 'Sessions', 'About']);
});

it('each value of a request has its place and kind, what stands for it, and whether it is needed', () => {
  const kinds = (id: string) =>
    Object.fromEntries(named(id).fields.map(({ name, place, kind, required }) => [name, [place, kind, required]]));
  expect(kinds('streamAnswer')).toMatchObject({
    specialist: ['path', 'text', true],
    content: ['body', 'long', true],
    temperature: ['body', 'number', false],
    session_id: ['body', 'text', false],
  });
  expect(kinds('streamAnswerByAddress')).toMatchObject({
    content: ['query', 'long', true],
    max_tokens: ['query', 'number', false],
    'last-event-id': ['header', 'text', false],
  });
  expect(kinds('createSession')).toMatchObject({
    specialist_id: ['body', 'text', true],
    metadata: ['body', 'json', false],
    shared: ['body', 'boolean', false],
  });
  const { fields } = named('createSession');
  expect(fields.find(({ name }) => name === 'context_window')!.fallback).toBe('10');
  expect(fields.find(({ name }) => name === 'specialist_id')!.example).toBe('apollo-ai');
});

it('what is no OpenAPI document has no operations', () => {
  for (const value of [null, 'text', [], {}, { paths: 3 }]) expect(operationsOf(value)).toEqual([]);
});
