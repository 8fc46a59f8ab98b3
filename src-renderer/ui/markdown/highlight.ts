import { useEffect, useState } from 'react';
import { grammarOf } from './languages.ts';

/** Four tones are enough; two more for changed lines. */
export type Tone = 'key' | 'text' | 'num' | 'note' | 'add' | 'del';
export type Line = [text: string, tone: Tone | undefined][];
export interface HighlightRequest {
  id: number;
  text: string;
  language: string;
}
export interface HighlightAnswer {
  id: number;
  lines: Line[] | null;
}

/** A longer text stays plain. */
const LONGEST = 60_000;
/** Highlighted texts that are kept. */
const KEPT = 200;

const done = new Map<string, Line[] | null>();
const waiting = new Map<number, (lines: Line[] | null) => void>();
let worker: Worker | undefined;
let lastId = 0;

function ask(text: string, language: string): Promise<Line[] | null> {
  worker ??= start();
  const id = ++lastId;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    worker?.postMessage({ id, text, language } satisfies HighlightRequest);
  });
}

function start(): Worker {
  const started = new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<HighlightAnswer>) => {
    waiting.get(data.id)?.(data.lines);
    waiting.delete(data.id);
  });
  return started;
}

/** The coloured lines of a code block that has closed; null while it is open, unknown, or not there yet. */
export function useHighlight(text: string, language: string, closed: boolean): Line[] | null {
  const key = `${language}\n${text}`;
  const [, arrived] = useState(0);
  const wanted = closed && text.length <= LONGEST && grammarOf(language) !== undefined;
  useEffect(() => {
    if (!wanted || done.has(key)) return;
    let here = true;
    void ask(text, language).then((lines) => {
      done.set(key, lines);
      if (done.size > KEPT) done.delete(done.keys().next().value as string);
      if (here) arrived((count) => count + 1);
    });
    return () => {
      here = false;
    };
  }, [wanted, key, text, language]);
  return wanted ? (done.get(key) ?? null) : null;
}
