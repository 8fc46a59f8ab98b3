import type { Node } from '#shared/domain/session.ts';
import { endOf, modelOf, nameOf, time } from './said.ts';

/** A session as Markdown: its title, then who said what when. Answers are as they came. Pure. */

export interface Title {
  title: string;
  createdAt: number;
}

export const markdownHead = ({ title, createdAt }: Title): string =>
  `# ${inline(title) || 'Conversation'}\n\n*Conversation of ${time(createdAt)}, exported from Choragus.*\n`;

export function markdownOf(node: Node): string {
  const by = node.kind === 'turn' ? `${inline(nameOf(node))}, ${inline(modelOf(node))}` : nameOf(node);
  const pieces = [`\n## ${by}\n`, `\n*${time(node.at)}*\n`];
  if (node.kind === 'turn' && node.reasoning.trim() !== '')
    pieces.push(`\n${quoted(`**Reasoning**\n\n${node.reasoning}`)}\n`);
  if (node.text.trim() !== '') pieces.push(`\n${closed(lines(node.text))}\n`);
  const end = node.kind === 'turn' ? endOf(node) : undefined;
  if (end !== undefined) pieces.push(`\n${quoted(`**${inline(end)}**`)}\n`);
  return pieces.join('');
}

/** In one line, and as the words that it is: nothing in it is a mark. */
const inline = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_{}[\]<>#|~&!]/g, '\\$&');

const lines = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/^\n+|\s+$/g, '');

const quoted = (text: string): string =>
  lines(text)
    .split('\n')
    .map((line) => (line === '' ? '>' : `> ${line}`))
    .join('\n');

/** Blocks of HTML that end at a mark of their own, not at a blank line. */
const untilMark: readonly [begins: RegExp, ends: RegExp, end: string][] = [
  [/^ {0,3}<(script|pre|style|textarea)(?=[\s>]|$)/i, /<\/(script|pre|style|textarea)>/i, ''],
  [/^ {0,3}<!--/, /-->/, '-->'],
  [/^ {0,3}<\?/, /\?>/, '?>'],
  [/^ {0,3}<!\[CDATA\[/, /\]\]>/, ']]>'],
  [/^ {0,3}<![A-Za-z]/, />/, '>'],
];

/** What was left open ends with the text: what follows is not a part of it. */
function closed(text: string): string {
  let fence: string | undefined;
  let block: (typeof untilMark)[number] | undefined;
  let tag = '';
  for (const line of text.split('\n')) {
    if (fence !== undefined) {
      const end = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
      if (end?.[0] === fence[0] && end!.length >= fence.length) fence = undefined;
      continue;
    }
    if (block === undefined) {
      fence = /^ {0,3}(`{3,})[^`]*$/.exec(line)?.[1] ?? /^ {0,3}(~{3,})/.exec(line)?.[1];
      if (fence !== undefined) continue;
      block = untilMark.find(([begins]) => begins.test(line));
      tag = block === undefined ? '' : (block[0].exec(line)?.[1] ?? '');
    }
    if (block?.[1].test(line)) block = undefined;
  }
  if (fence !== undefined) return `${text}\n${fence}`;
  return block === undefined ? text : `${text}\n${block[2] || `</${tag}>`}`;
}
