import { Fragment } from 'react';
import { findLetters } from './letters.ts';

/** A text with the letters that were looked for in bold. */
export function Matched({ text, query }: { text: string; query: string }) {
  const at = new Set(findLetters(text, query)?.at);
  if (at.size === 0) return text;
  const runs: { from: number; bold: boolean }[] = [];
  for (let from = 0; from < text.length; from++)
    if (runs.at(-1)?.bold !== at.has(from)) runs.push({ from, bold: at.has(from) });
  return runs.map(({ from, bold }, index) => {
    const piece = text.slice(from, runs[index + 1]?.from);
    return bold ? <b key={from}>{piece}</b> : <Fragment key={from}>{piece}</Fragment>;
  });
}
