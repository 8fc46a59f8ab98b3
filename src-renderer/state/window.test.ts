import { expect, it } from 'vitest';
import { usualWindow } from '#shared/domain/things.ts';
import { kindOf, partsOf, windowText, within, withKind } from './window.ts';

it('says what a window sends along', () => {
  expect(windowText(usualWindow)).toBe('all that fits');
  expect(windowText({ ...usualWindow, exchanges: 12 })).toBe('last 12 exchanges');
  expect(windowText({ ...usualWindow, exchanges: 1 })).toBe('the message alone');
  expect(windowText({ ...usualWindow, tokens: 8000 })).toBe('8,000 tokens');
  expect(windowText({ ...usualWindow, exchanges: 3, tokens: 8000 })).toBe('last 3 exchanges, 8,000 tokens');
});

it('goes from one rule to another and keeps the rest', () => {
  const last = withKind({ ...usualWindow, summary: false }, 'exchanges');
  expect(last).toEqual({ ...usualWindow, summary: false, exchanges: 12 });
  expect(withKind({ ...last, exchanges: 5 }, 'exchanges').exchanges).toBe(5);
  expect(withKind(last, 'tokens')).toMatchObject({ exchanges: null, tokens: 8000 });
  expect(kindOf(withKind(last, 'all'))).toBe('all');
});

it('takes numbers as people write them, within what can be', () => {
  expect(within('exchanges', '0')).toBe(1);
  expect(within('tokens', '12,500')).toBe(12_500);
  expect(within('tokens', '7')).toBe(200);
  expect(within('tokens', 'many')).toBeNull();
  expect(within('exchanges', ' ')).toBeNull();
});

it('names the parts of what is sent, and leaves out what is not there', () => {
  const context = {
    budget: { tokens: 1000, of: 'model' as const },
    ...{
      system: 10,
      summary: 0,
      pinned: { nodes: 2, tokens: 7 },
      first: 'm',
      leftOut: null,
      total: 50,
      estimated: true,
    },
    history: { messages: 4, exchanges: 2, tokens: 30 },
  };
  expect(partsOf(context)).toEqual([
    { kind: 'system', label: 'System text', tokens: 10 },
    { kind: 'pinned', label: 'Pinned, 2 messages', tokens: 7 },
    { kind: 'history', label: 'History, 2 exchanges', tokens: 30 },
    { kind: 'message', label: 'Your message', tokens: 3 },
  ]);
});
