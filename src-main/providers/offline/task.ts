const wish =
  /summar|sum up|zusammenfass|fasse? |résum|resum|tl;?\s?dr|key points|kernpunkte|stichpunkte|要約|总结|摘要/i;

/** Small numbers as words, by their value. */
const numbers = [
  'one ein einem un une uno um uma',
  'two zwei deux dos dois duas',
  'three drei trois tres três',
  'four vier quatre cuatro quatro',
  'five fünf cinq cinco',
  'six sechs seis',
  'seven sieben sept siete sete',
  'eight acht huit ocho oito',
  'nine neun neuf nueve nove',
  'ten zehn dix diez dez',
].map((words) => words.split(' '));

const units =
  'sentences?|points?|bullets?|lines?|sätzen?|satz|punkten?|phrases?|frases?|oraciones|oración|puntos?|pontos?';
const amount = new RegExp(
  `(?<![\\p{L}\\p{N}])(\\d{1,2}|${numbers.flat().join('|')})\\s+(?:\\p{L}+\\s+)?(?:${units})(?!\\p{L})`,
  'iu',
);

/** What is wanted, and the text it is wanted of: a wish in the first or last line is not part of the text. */
export function taskOf(message: string): { instruction: string; text: string } {
  const lines = message.trim().split(/\r?\n/);
  const isWish = (line: string | undefined) => line !== undefined && line.length <= 200 && wish.test(line);
  const first = lines[0] ?? '';
  if (isWish(first)) {
    // “Summarise this: …” on one line.
    const colon = first.indexOf(':');
    const rest = lines.length === 1 && colon !== -1 ? first.slice(colon + 1) : '';
    return { instruction: first, text: [rest, ...lines.slice(1)].join('\n') };
  }
  const end = lines.at(-1);
  if (lines.length > 1 && isWish(end)) return { instruction: end ?? '', text: lines.slice(0, -1).join('\n') };
  const colon = /^(.{3,120}?):\s/s.exec(message);
  if (colon?.[1] !== undefined && wish.test(colon[1]))
    return { instruction: colon[1], text: message.slice(colon[0].length) };
  return { instruction: message.length <= 200 ? message : '', text: message };
}

/** How many sentences are asked for, in words or digits; undefined when nothing is said of it. */
export function amountIn(instruction: string): number | undefined {
  const found = amount.exec(instruction)?.[1]?.toLowerCase();
  if (found === undefined) return undefined;
  const place = numbers.findIndex((words) => words.includes(found));
  const number = place === -1 ? Number(found) : place + 1;
  return number >= 1 && number <= 30 ? number : undefined;
}
