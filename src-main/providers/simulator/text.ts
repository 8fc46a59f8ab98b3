import type { Random } from '#shared/kit/ids.ts';

const INTRODUCTION = 'This is a simulator, no AI is at work, and what follows is made up from a seed.\n\n';
const WORDS = (
  'chorus verse line measure voice answer question stage mask step turn rhythm silence song echo figure ' +
  'leader crowd scene light shadow morning harbour ship wind letter table window garden stone bridge river'
).split(' ');
const JOINTS = ['follows', 'answers', 'leads', 'meets', 'keeps', 'carries', 'opens', 'repeats'];

/** Numbers in [0, 1) from a seed, the same everywhere (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A small hash of a text (FNV-1a), to make a seed of it. */
export function seedOf(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

/** Exactly `count` tokens, beginning with the plain statement of what they are. */
export function answerTokens(count: number, random: Random): string[] {
  const tokens = INTRODUCTION.match(/\S+\s*/g) ?? [];
  tokens.length = Math.min(tokens.length, count);
  while (tokens.length < count) sentence(tokens, count, random);
  return tokens;
}

export function reasoningTokens(count: number, random: Random): string[] {
  const tokens = ['Simulated ', 'reasoning. '].slice(0, count);
  while (tokens.length < count) sentence(tokens, count, random);
  return tokens;
}

function sentence(tokens: string[], count: number, random: Random): void {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const words = ['The', pick(WORDS), pick(JOINTS), 'the', pick(WORDS)];
  if (random() < 0.5) words.push('and', 'the', pick(WORDS), pick(JOINTS), 'a', pick(WORDS));
  const end = random() < 0.25 ? '.\n\n' : '. ';
  words.forEach((word, index) => {
    if (tokens.length < count) tokens.push(`${word}${index === words.length - 1 ? end : ' '}`);
  });
}
