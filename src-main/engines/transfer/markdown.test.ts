import { describe, expect, it } from 'vitest';
import type { MessageNode, TurnNode } from '#shared/domain/session.ts';
import { markdownHead, markdownOf } from './markdown.ts';
import { richEvents } from './testing/rich-session.ts';
import { committed, folded } from './testing/text-of.ts';

const view = folded(committed('one', richEvents()));
const turn = (change: Partial<TurnNode>) => ({ ...(view.nodes.t3 as TurnNode), ...change });
const message = (text: string): MessageNode => ({ ...(view.nodes.m2 as MessageNode), text });

describe('a session as Markdown', () => {
  it('has its title, who said what when, and answers as they came', () => {
    const text =
      markdownHead({ title: view.title, createdAt: view.at }) +
      ['m1', 't2', 'm2', 't3'].map((id) => markdownOf(view.nodes[id]!)).join('');
    expect(text).toContain(
      '# Greek “chorus”\u202e \\& \\<b\\>more\\</b\\>\n\n*Conversation of 1 June 2025 at 12:00 UTC, exported from Choragus.*\n\n## You\n',
    );
    expect(text).toContain(
      '\n## Athena, gpt-5 at OpenAI\n\n*1 June 2025 at 12:00 UTC*\n\n> **Reasoning**\n>\n> I think.\n\nHalf an answer, and `code`.\n',
    );
    expect(text.endsWith('Then the chorus **sings**.\n\n```js\nlet a = 1;\n```\n')).toBe(true);
  });

  it('says how an answer ended that did not end well', () => {
    const problem = { code: 'PROVIDER_STALLED' as const, message: 'The provider was silent for *60 s*.' };
    expect(markdownOf(turn({ state: 'failed', problem }))).toContain(
      '\n> **The provider was silent for \\*60 s\\*.**\n',
    );
    expect(markdownOf(turn({ state: 'stopped' }))).toContain('> **Stopped here.**');
  });

  it.each([
    ['```js\nlet a', '```js\nlet a\n```\n'],
    ['````\n```\nx', '````\n```\nx\n````\n'],
    ['~~~\n```\n', '~~~\n```\n~~~\n'],
    ['```\na\n```\n\n```\nb', '```\na\n```\n\n```\nb\n```\n'],
    ['``` a`b\ntext', '``` a`b\ntext\n'],
    ['<!-- a note', '<!-- a note\n-->\n'],
    ['<script>\nalert(1)', '<script>\nalert(1)\n</script>\n'],
    ['<pre>\n```', '<pre>\n```\n</pre>\n'],
    ['<details>\n\nopen', '<details>\n\nopen\n'],
    ['done <!-- not at the beginning', 'done <!-- not at the beginning\n'],
  ])('what %j leaves open ends with it', (text, whole) => {
    expect(markdownOf(message(text)).endsWith(`\n\n${whole}`)).toBe(true);
  });

  it('reasoning stays in its quote, whatever is in it', () => {
    const lines = markdownOf(turn({ reasoning: '```\nopen\n\n# not a title' })).split('\n');
    const from = lines.indexOf('> **Reasoning**');
    expect(lines.slice(from, from + 7)).toEqual([
      '> **Reasoning**',
      '>',
      '> ```',
      '> open',
      '>',
      '> # not a title',
      '',
    ]);
  });
});
