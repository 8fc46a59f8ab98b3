import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/domain/problem.ts';
import { systemClock } from '../../hosts/clock.ts';
import type { SearchHit } from '../../log/log.ts';
import { type ChatMessage, type ChatRequest, ProviderRefusal } from '../provider.ts';
import { collect, expectOrder, request, textOf } from '../testing/collect.ts';
import { offline } from './offline.ts';
import { RECALL_LINE } from './recall.ts';
import { SUMMARY_LINE } from './summary.ts';
import { CALCULATION_LINE, DATA_LINE, type WorkerModel } from './work-models.ts';
import { Workroom } from './workroom.ts';

const at = Date.UTC(2026, 0, 5, 12);
const hit = (change: Partial<SearchHit> & { text: string }): SearchHit => ({
  session: 's1',
  title: 'Gateway design',
  node: `node-${change.text.length}`,
  at,
  by: 'Apollo',
  ...change,
});

const workroom = new Workroom(new URL('./worker.ts', import.meta.url), systemClock);

/** Searches like the log does: all words, and the last one may be unfinished. */
function library(hits: readonly SearchHit[]) {
  const queries: string[] = [];
  const search = async (query: string, { limit }: { limit: number }) => {
    queries.push(query);
    const words = query.toLowerCase().split(' ');
    const found = hits.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
    return found.slice(0, limit);
  };
  return { queries, provider: offline({ id: 'offline', name: 'Offline' }, { search, workroom }) };
}

const you = (text: string): ChatMessage => ({ role: 'user', text });

async function ask(
  model: 'recall' | 'summary' | WorkerModel,
  messages: ChatMessage[],
  hits: SearchHit[] = [],
  change: Partial<ChatRequest> = {},
) {
  const { parts, error } = await collect(
    library(hits).provider,
    request({ model, messages, ...change }),
    new AbortController().signal,
  );
  expect(error).toBeUndefined();
  expectOrder(parts);
  return textOf(parts);
}

const quotes = (answer: string) =>
  answer
    .split('\n')
    .filter((line) => line.startsWith('> '))
    .map((line) => line.slice(2));
const picked = (answer: string) =>
  answer
    .split('\n')
    .filter((line) => line.startsWith('- '))
    .map((line) => line.slice(2));

describe('offline model recall', () => {
  const answer = hit({
    node: 'n1',
    text: 'Some introduction. The rate limiter uses a token bucket, e.g. per user. It is simple.\n\n- Another point.',
  });

  it('quotes the sentence that is about the question, with who, when and a link to the place', async () => {
    const text = await ask('recall', [you('What did we decide about the rate limiter?')], [answer]);
    expect(text).toBe(
      [
        RECALL_LINE,
        'One place is about “rate” and “limiter”:',
        '> The rate limiter uses a token bucket, e.g. per user.',
        '— Apollo, 5 January 2026, in [Gateway design](#/conversations/s1/n1)',
      ].join('\n\n'),
    );
  });

  it('quotes at most five places, the best first, each text once', async () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      hit({ node: `m${index}`, text: `Limiter number ${index >> 1}.` }),
    );
    const best = hit({ node: 'best', text: 'The rate of the limiter is ten.' });
    const found = quotes(await ask('recall', [you('rate limiter')], [...many, best]));
    expect(found[0]).toBe('The rate of the limiter is ten.');
    const only = quotes(await ask('recall', [you('limiter')], many));
    expect(only).toHaveLength(5);
    expect(new Set(only).size).toBe(5);
  });

  it('never quotes the question itself, the last message, or an answer of its own', async () => {
    const question = 'What about the rate limiter?';
    const hits = [
      hit({ node: 'asked', by: 'you', text: question }),
      hit({ node: 'before', by: 'you', text: '  what about the RATE limiter? ' }),
      hit({ node: 'own', by: 'Engram', text: `${RECALL_LINE}\n\nThe rate limiter was mentioned.` }),
      hit({ node: 'sum', by: 'Sophia', text: `${SUMMARY_LINE}\n\n- The rate limiter is here.` }),
    ];
    const text = await ask('recall', [you(question)], hits);
    expect(quotes(text)).toEqual([]);
    expect(text).toContain('Nothing in your sessions mentions “rate” or “limiter”.');
    expect(text).toContain('connect a model');
    expect(quotes(await ask('recall', [you(question)], [...hits, answer]))).toHaveLength(1);
  });

  it('looks for the words one by one where all of them together find too little', async () => {
    const { provider, queries } = library([hit({ text: 'Limiters are cheap.' })]);
    const { parts } = await collect(
      provider,
      request({ model: 'recall', messages: [you('rate limiter?')] }),
      new AbortController().signal,
    );
    expect(queries).toEqual(['rate limiter', 'limit', 'rate']);
    expect(quotes(textOf(parts))).toEqual(['Limiters are cheap.']);
  });

  it.each([
    ['Was haben wir über den Begrenzer für Anfragen gesagt?', ['begrenzer', 'anfragen']],
    ["Qu'est-ce que nous avons dit sur la limite des requêtes ?", ['limite', 'requêtes']],
    ['¿Qué dijimos sobre el límite de las solicitudes?', ['límite', 'solicitudes']],
    ['O que dissemos sobre o limite dos pedidos?', ['limite', 'pedidos']],
    ['What did we say about the limit of requests in 2025?', ['limit', 'requests', '2025']],
    ['速度制限', ['速度', '制限']],
    ['Что о лимите запросов', ['Что', 'лимите', 'запросов'].map((word) => word.toLowerCase())],
  ])('knows what %s is about', async (question, words) => {
    const { provider, queries } = library([]);
    await collect(provider, request({ model: 'recall', messages: [you(question)] }), new AbortController().signal);
    expect(queries[0]?.split(' ')).toEqual(words);
  });

  it('quotes in the language of the text, across accents and endings', async () => {
    const hits = [hit({ node: 'de', text: 'Vorher. Die Begrenzung läuft über Redis. Nachher.' })];
    expect(quotes(await ask('recall', [you('Begrenzungen Redis')], hits))).toEqual([
      'Die Begrenzung läuft über Redis.',
    ]);
    const japanese = [hit({ node: 'ja', text: 'はじめに。速度制限はトークンバケットです。おわり。' })];
    expect(quotes(await ask('recall', [you('速度制限')], japanese))).toEqual(['速度制限はトークンバケットです。']);
  });

  it.each([
    'Hello!',
    'Guten Tag',
    'Bonjour',
    '¡Hola!',
    'Olá, bom dia',
    'こんにちは',
    '你好',
    'help',
    '???',
    'what can you do?',
  ])('explains what it can do when there is nothing to look for: %s', async (greeting) => {
    const { provider, queries } = library([]);
    const { parts } = await collect(
      provider,
      request({ model: 'recall', messages: [you(greeting)] }),
      new AbortController().signal,
    );
    expect(queries).toEqual([]);
    expect(textOf(parts)).toMatch(/^No language model is at work.*Ask for something that was said before/s);
  });

  it('writes titles and names so that they cannot break out of their place', async () => {
    const nasty = hit({ title: 'A ](javascript:x) [b\nc', by: '*A*', text: '<img src=x> limiter' });
    const text = await ask('recall', [you('limiter')], [nasty]);
    expect(text).toContain('[A \\](javascript:x) \\[b c](#/conversations/s1/');
    expect(text).toContain('— \\*A\\*,');
    expect(text).toContain('> \\<img src=x> limiter');
  });

  it('says so when the search fails, before it begins', async () => {
    const search = async () => {
      throw new Problem('INTERNAL', 'The search failed.');
    };
    const { parts, error } = await collect(
      offline({ id: 'offline', name: 'Offline' }, { search, workroom }),
      request({ model: 'recall', messages: [you('limiter')] }),
      new AbortController().signal,
    );
    expect(parts).toEqual([]);
    expect(error).toBeInstanceOf(ProviderRefusal);
    expect((error as ProviderRefusal).problem.message).toBe('The search failed.');
  });
});

describe('offline model summary', () => {
  const sentences = [
    'The chorus was a group of performers in the plays of classical Greece.',
    'The chorus commented with a collective voice on the action of the play.',
    'Masks were worn.',
    'Thespis added a first actor to the chorus, so that there was a dialogue in the play.',
    'It rained that day.',
    'The choragus was a rich citizen who paid for the chorus and for its masks.',
    'Later the chorus lost its part in the action of the play.',
  ];
  const article = `# The chorus\n\n${sentences.join(' ')}`;

  it('picks sentences of the text as they stand, in their order, and says how much that is', async () => {
    const text = await ask('summary', [you(article)]);
    const chosen = picked(text);
    expect(chosen).toHaveLength(3);
    expect(chosen).toEqual(sentences.filter((sentence) => chosen.includes(sentence)));
    expect(chosen).not.toContain('It rained that day.');
    expect(text.startsWith(SUMMARY_LINE)).toBe(true);
    expect(text).toMatch(/\*\*Key terms:\*\* chorus, /);
    const kept = chosen.join('').length;
    const share = Math.round((100 * kept) / sentences.join('').length);
    expect(text).toContain(`Kept: 3 of 7 sentences, ${share} % of the text.`);
  });

  it.each([
    ['Summarise this in 2 sentences:\n', 2],
    ['Summarize in four short sentences:\n', 4],
    ['Fasse das in fünf Sätzen zusammen:\n', 5],
    ['Résume en deux phrases :\n', 2],
    ['Resume esto en cuatro frases:\n', 4],
    ['Summarise: ', 3],
  ])('does as it is asked: %s', async (wish, count) => {
    const chosen = picked(await ask('summary', [you(`${wish}${article}`)]));
    expect(chosen).toHaveLength(count);
    for (const sentence of chosen) expect(sentences).toContain(sentence);
  });

  it('takes the wish at the end as well', async () => {
    expect(picked(await ask('summary', [you(`${article}\n\nSum up in 2 sentences, please.`)]))).toHaveLength(2);
  });

  it('does not say the same thing twice', async () => {
    const same = 'The chorus of the play commented on the action of the play.';
    const text = [
      same,
      same,
      same,
      'The harbour had many ships of wood.',
      'The ships in the harbour carried letters.',
      'A river runs.',
    ];
    const chosen = picked(await ask('summary', [you(text.join(' '))]));
    expect(chosen.filter((sentence) => sentence === same)).toHaveLength(1);
  });

  it('sums up the conversation so far when the message is only the wish, and says who spoke', async () => {
    const messages: ChatMessage[] = [
      you('How does a fridge work?'),
      { role: 'assistant', text: `${SUMMARY_LINE}\n\n- An old summary of the fridge.` },
      you('And in more detail?'),
      {
        role: 'assistant',
        text: 'A fridge takes heat out of its inside. A coolant takes up the heat of the fridge. It gives the heat to the room.',
      },
      you('Summarise this conversation.'),
    ];
    const chosen = picked(await ask('summary', messages));
    expect(chosen).toContain('**Answer:** A fridge takes heat out of its inside.');
    expect(chosen.join()).not.toMatch(/old summary|Summarise this/);
    for (const line of chosen) expect(line).toMatch(/^\*\*(You|Answer):\*\* /);
  });

  it.each([
    [
      'German',
      'Das Protokoll hat eine Version, z. B. die erste. Die Version steht im Protokoll. Niemand weiß mehr. Das Protokoll nennt die Version zuerst.',
      'Das Protokoll hat eine Version, z. B. die erste.',
    ],
    [
      'Japanese',
      '東京は日本の首都です。東京の人口は約千四百万人です。雨が降った。東京には大学が多い。',
      '東京は日本の首都です。',
    ],
    [
      'Spanish',
      'El coro canta en la obra. El coro comenta la obra. Llueve hoy. ¿Quién paga el coro? El corego paga el coro de la obra.',
      'El coro canta en la obra.',
    ],
  ])('works in %s', async (_, text, first) => {
    const answer = await ask('summary', [you(text)]);
    expect(picked(answer)).toContain(first);
    for (const sentence of picked(answer)) expect(text).toContain(sentence);
  });

  it('leaves code, tables and headings out', async () => {
    const text = `# Title of the chorus\n\n\`\`\`js\nchorus.sing('chorus chorus');\n\`\`\`\n\n| chorus | a |\n|---|---|\n\n${sentences.join(' ')}`;
    const answer = await ask('summary', [you(text)]);
    expect(answer).toContain('of 7 sentences');
    expect(answer).not.toMatch(/sing\(|Title|\|/);
  });

  it.each(['hi', 'Summarise this conversation.', ''])(
    'explains what it can do when there is too little: %s',
    async (text) => {
      const answer = await ask('summary', [you(text)]);
      expect(answer).toContain('too little text');
      expect(answer).toContain('connect a model');
    },
  );

  it('stops in the middle of a very long text', async () => {
    const stop = new AbortController();
    const long = sentences.join(' ').repeat(400);
    const reading = collect(library([]).provider, request({ model: 'summary', messages: [you(long)] }), stop.signal);
    setImmediate(() => stop.abort('enough'));
    const { parts, error } = await reading;
    expect(parts).toEqual([]);
    expect(error).toBe('enough');
  });
});

describe('offline models', () => {
  it('stream in pieces and let the event loop run between them', async () => {
    const { provider } = library([]);
    let turns = 0;
    const seen: number[] = [];
    let reading = true;
    const tick = () => {
      turns++;
      if (reading) setImmediate(tick);
    };
    setImmediate(tick);
    const { parts } = await collect(
      provider,
      request({ model: 'recall', messages: [you('hello')] }),
      new AbortController().signal,
      ({ type }) => type === 'delta' && seen.push(turns),
    );
    reading = false;
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen).size).toBe(seen.length);
    for (const part of parts) if (part.type === 'delta') expect(part.text.length).toBeLessThanOrEqual(34);
  });

  it('stop in mid-stream', async () => {
    const stop = new AbortController();
    const { provider } = library([]);
    const { parts, error } = await collect(
      provider,
      request({ model: 'recall', messages: [you('hello')] }),
      stop.signal,
      ({ type }) => type === 'delta' && stop.abort('enough'),
    );
    expect(parts.map(({ type }) => type)).toEqual(['start', 'delta']);
    expect(error).toBe('enough');
  });

  it('give the whole in one piece when that is asked for', async () => {
    const { parts } = await collect(
      library([]).provider,
      request({ model: 'recall', messages: [you('hi')], stream: false }),
      new AbortController().signal,
    );
    expect(parts.map(({ type }) => type)).toEqual(['start', 'delta', 'finish']);
    expect(parts[0]).toEqual({ type: 'start', buffered: true });
  });

  it('continue a broken answer where it ended', async () => {
    const whole = await ask('recall', [you('hello')]);
    const begun: ChatMessage = { role: 'assistant', text: whole.slice(0, 50) };
    expect(await ask('recall', [you('hello'), begun], [], { prefill: true })).toBe(whole.slice(50));
  });

  it('calculate with what was said before, and not with what they answered', async () => {
    const answer = await ask('calculation', [
      you('price = 40'),
      { role: 'assistant', text: `${CALCULATION_LINE}\n\nprice = 7` },
      you('price * 2'),
    ]);
    expect(answer).toContain('**80**');
  });

  it('work on the data of an earlier message', async () => {
    const table = you('```csv\nname,amount\nA,1\nB,5\n```');
    const said: ChatMessage = { role: 'assistant', text: `${DATA_LINE}\n\n| name | amount |\n| - | - |\n| C | 9 |` };
    expect(await ask('data', [table, said, you('filter amount > 2')])).toContain('| B | 5 |\n\n1 row is left.');
  });

  it('are five, and refuse any other', async () => {
    const { provider } = library([]);
    expect((await provider.models(new AbortController().signal)).map(({ id }) => id)).toEqual([
      'recall',
      'summary',
      'analysis',
      'calculation',
      'data',
    ]);
    expect(provider.offline).toBe(true);
    const { error } = await collect(provider, request({ model: 'gpt-9' }), new AbortController().signal);
    expect((error as ProviderRefusal).problem.code).toBe('PROVIDER_REFUSED');
  });
});
