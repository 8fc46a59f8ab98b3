import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ANALYSIS_LINE } from '../work-models.ts';
import { analysis } from './analysis.ts';

const text = [
  'Choragus was released in Bern on 12 March 2026 by Ada Lovelace and Charles Babbage.',
  'The new streaming engine is wonderful, and users love the streaming engine.',
  'Sadly, the installer failed on old machines, which is terrible.',
  'It cost $120,000 and 15% more than planned. Write to ada@example.com or see https://example.com/docs for more.',
].join(' ');
const ask = (message: string, earlier: string[] = []) => analysis({ text: message, earlier });

it('measures an English text in every respect', () => {
  const answer = ask(text)!;
  for (const part of [
    '**Language:** English',
    '**Length:** ',
    'Flesch reading ease',
    'most positive: “The new streaming engine is wonderful',
    'most negative: “Sadly, the installer failed',
    'streaming engine',
    'Dates: 12 March 2026',
    'Amounts: $120,000',
    'Percentages: 15%',
    'E-mail addresses: ada@example.com',
    'Web addresses: https://example.com/docs',
  ])
    expect(answer).toContain(part);
  expect(/Names: (.*)/.exec(answer)?.[1]?.split(', ')).toEqual(['Choragus', 'Bern', 'Ada Lovelace', 'Charles Babbage']);
});

it.each(['sentiment: ', 'What is the sentiment of this?\n'])('measures one thing alone after “%s”', (wish) => {
  const answer = ask(wish + text)!;
  expect(answer).toContain('**Sentiment:**');
  expect(answer).not.toContain('**Language:**');
});

it('measures a text in another language by what can be measured there', () => {
  const answer = ask(
    'Das ist ein ganz gewöhnlicher deutscher Satz über eine Rechnung. Die Rechnung vom 12.03.2026 über 120 EUR liegt bei.',
  )!;
  for (const part of [
    '**Language:** German',
    'LIX',
    'is measured for English only',
    'rechnung',
    'Dates: 12.03.2026',
    'Amounts: 120 EUR',
  ])
    expect(answer).toContain(part);
});

it('measures the conversation when the message holds no text of its own', () => {
  expect(ask('Analyse this conversation', [text])).toContain('Ada Lovelace');
  expect(ask('Analyse this conversation', [])).toContain('There is too little text to measure.');
});

it.each(['hello', 'Thank you', '12 * 7'])('takes “%s” for no text', (message) => {
  expect(ask(message, [text])).toBeNull();
});

it('tells the language by the text, not by its first word', () => {
  const told = (message: string) => /\*\*Language:\*\* (.*)/.exec(ask(`language: ${message}`) ?? '')?.[1];
  expect(told('La maison est grande et le jardin est plein de fleurs au printemps.')).toBe('French');
  expect(told('Quiero un vaso de agua porque hoy hace mucho calor en la ciudad.')).toBe('Spanish');
  expect(told('これは日本語の文章です。とても長い文章ではありませんが、言語を判定するには十分です。')).toBe('Japanese');
});

it('answers anything at all, or takes it for no text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('the', 'is', 'Bern', '12 May')), { maxLength: 30 }),
      (words) => {
        const answer = ask(words.join(' '));
        expect(answer === null || answer.startsWith(ANALYSIS_LINE)).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});
