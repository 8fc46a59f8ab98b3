import { createHighlighterCore, type ThemeRegistrationRaw } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import { grammars } from './grammars.ts';
import type { HighlightAnswer, HighlightRequest, Line, Tone } from './highlight.ts';
import { grammarOf } from './languages.ts';

/** Colours that only stand for tones; what they look like is decided by the style sheet, in either theme. */
const tones: Record<string, Tone> = {
  '#000001': 'key',
  '#000002': 'text',
  '#000003': 'num',
  '#000004': 'note',
  '#000005': 'add',
  '#000006': 'del',
};
const rule = (foreground: string, ...scope: string[]) => ({ scope, settings: { foreground } });
const theme: ThemeRegistrationRaw = {
  name: 'tones',
  type: 'light',
  fg: '#000000',
  bg: '#ffffff',
  settings: [
    { settings: { foreground: '#000000' } },
    rule('#000004', 'comment', 'punctuation.definition.comment', 'meta.diff.range', 'meta.diff.header'),
    rule('#000002', 'string', 'markup.inline.raw', 'constant.other.symbol', 'punctuation.definition.string'),
    rule(
      '#000003',
      'constant.numeric',
      'constant.language',
      'constant.character',
      'variable.language',
      'support.constant',
    ),
    rule(
      '#000001',
      'keyword',
      'storage',
      'entity.name.tag',
      'markup.heading',
      'support.type.property-name',
      'keyword.control',
    ),
    rule('#000000', 'keyword.operator', 'storage.type.function.arrow', 'punctuation'),
    rule('#000001', 'keyword.operator.new', 'keyword.operator.expression', 'keyword.operator.logical.python'),
    rule('#000005', 'markup.inserted', 'punctuation.definition.inserted'),
    rule('#000006', 'markup.deleted', 'punctuation.definition.deleted'),
  ],
};

const highlighter = createHighlighterCore({ themes: [theme], langs: [], engine: createJavaScriptRegexEngine() });

async function highlight({ text, language }: HighlightRequest): Promise<Line[] | null> {
  const grammar = grammarOf(language);
  if (grammar === undefined) return null;
  const shiki = await highlighter;
  if (!shiki.getLoadedLanguages().includes(grammar)) await shiki.loadLanguage(grammars[grammar]);
  const { tokens } = shiki.codeToTokens(text, { lang: grammar, theme: 'tones' });
  return tokens.map((line) => joined(line.map(({ content, color }) => [content, tones[color ?? '']])));
}

/** Neighbours of one tone are one piece. */
function joined(pieces: Line): Line {
  const line: Line = [];
  for (const [text, tone] of pieces) {
    const last = line.at(-1);
    if (last !== undefined && last[1] === tone) last[0] += text;
    else line.push([text, tone]);
  }
  return line;
}

addEventListener('message', async ({ data }: MessageEvent<HighlightRequest>) => {
  let lines: Line[] | null = null;
  try {
    lines = await highlight(data);
  } catch {
    // A grammar that fails on this text: it stays plain.
  }
  postMessage({ id: data.id, lines } satisfies HighlightAnswer);
});
