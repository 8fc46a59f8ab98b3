// What stands in the pictures: conversations as people have them, with the answers that a scripted provider gives.

const fence = '```';

export const config = (url) => ({
  providers: [
    {
      id: 'ollama',
      name: 'Ollama',
      kind: 'openai-compatible',
      baseUrl: `${url}/v1`,
      models: ['qwen3-coder:30b', 'gemma3:12b'],
    },
    { id: 'llama-cpp', name: 'llama.cpp', kind: 'openai-compatible', baseUrl: `${url}/v1`, models: ['mistral-small'] },
  ],
  specialists: {
    engram: { provider: 'offline', model: 'recall' },
    sophia: { provider: 'offline', model: 'summary' },
    rhetor: { provider: 'ollama', model: 'gemma3:12b' },
    noesis: { provider: 'llama-cpp', model: 'mistral-small' },
  },
  limits: { stallMs: 600_000, retries: 3 },
});

const paragraph = (n) =>
  `**${n}.** A log keeps every fact in the order in which it happened. Nothing in it is changed afterwards; what turns out to be wrong is corrected by a later entry. Whoever has read up to some entry knows exactly what others knew at that point, and can go on reading from there after a break. Tables, counts and search indexes are computed from it and can be thrown away and computed again.`;

/** A specialist of one's own, with a look that none of the shipped ones has. */
export const own = {
  name: 'Iris',
  role: 'Reads contracts and says what is unusual in them',
  persona:
    'You are Iris, who reads contracts. Quote the clause, say what is unusual in it and what it may cost, and say when a lawyer should look at it.',
  colour: 'magenta',
  glyph: 'book',
};

export const ownTitle = 'Lease for the harbour office';

/** Oldest first. */
export const sessions = [
  {
    title: 'Everything about logs',
    turns: [
      {
        to: 'Athena',
        text: `Tell me everything about logs, at length. ${'Leave nothing out, however small it may seem. '.repeat(6)}`,
        answer: `# Logs\n\n${Array.from({ length: 14 }, (_, index) => paragraph(index + 1)).join('\n\n')}`,
      },
      {
        to: 'Athena',
        text: 'And-one-word-that-is-far-too-long-for-its-line-'.repeat(6),
        answer: `${'Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüssel'.repeat(4)}\n\n${fence}sh\n${'find . -name "*.log" -newer yesterday | '.repeat(6)}wc -l\n${fence}\n\n${Array.from({ length: 6 }, (_, index) => paragraph(index + 1)).join('\n\n')}`,
      },
    ],
  },
  {
    title: ownTitle,
    turns: [
      {
        to: own.name,
        text: 'What is unusual here? “The tenant pays for repairs of any kind, also of the roof.”',
        answer:
          'Repairs **of any kind** are unusual. As a rule the tenant pays for small ones and the owner for roof and walls:\n\n- Ask for a limit, such as 150 € each.\n- Have the roof left out by name.\n\nIf they refuse both, a lawyer should look at it.',
      },
    ],
  },
  {
    title: 'Letter to the Lyon office',
    turns: [
      {
        to: 'Hermes',
        text: 'Translate into French: The meeting moves to Thursday, 10:30, same room.',
        answer: 'La réunion est déplacée à jeudi, 10 h 30, dans la même salle.',
      },
    ],
  },
  {
    title: 'Streams that never end',
    turns: [
      {
        to: 'Apollo',
        text: 'Why do some streams never end after a hang-up?',
        answer:
          'Because the hang-up is only seen by the call. The abort signal reaches fetch, but the sleep between two attempts ignores it. Pass it on to both.',
      },
    ],
  },
  {
    title: 'Which index for sessions',
    turns: [
      {
        to: 'Synthesis',
        text: 'Which index lets me list sessions by the time of their last message?',
        answer: `One that holds both columns in the order of the question:\n\n${fence}sql\ncreate index sessions_by_time\n  on sessions (updated_at desc, id desc);\n${fence}\n\n| Query | Without | With |\n| --- | ---: | ---: |\n| first page | 48 ms | 0.2 ms |\n| page 100 | 51 ms | 0.2 ms |\n`,
      },
    ],
  },
  {
    title: 'Notes of the release meeting',
    turns: [
      {
        to: 'Sophia',
        text: 'Summarise in two sentences: The release is called Bluebird. It ships on Thursday at noon, when the harbour office is open. Nobody has tested the printer yet; Anna looks after it on Wednesday. The team meets again on Friday to talk about what went wrong. Until then nobody merges anything that is not a fix.',
      },
    ],
  },
  {
    title: 'Office rota',
    turns: [
      {
        to: 'Prometheus',
        text: 'Make a rota for the support week: Ada, Ben, Chloe and Dev, two a day, nobody twice in a row.',
        answer: 'Monday: Ada and Ben. Tuesday: Chloe and Dev. Wednes',
        ending: 'reset',
        continued: 'day: Ada and Chloe. Thursday: Ben and Dev. Friday: Ada and Ben.',
      },
      {
        to: 'Prometheus',
        text: 'Now with Eve instead of Ben, and Friday off for everybody who has worked on Monday.',
        answer: '1. Monday: Ada and Eve\n2. Tuesday: Chloe and Dev\n3. Wednesday: Ada and Chl',
        ending: 'reset',
        limited: true,
      },
    ],
  },
];

/** Ran when Choragus was killed. */
export const interrupted = {
  title: 'Names in the event schema',
  to: 'Terma',
  text: 'Which names of our events are not in the past tense?',
  answer:
    'Most are in the past tense. Three are not: session.create, turn.part and model.stream. I would write session.created, turn.part.received and model.streamed, since an event is a fact that',
};

/** Go on in the background. */
export const running = [
  {
    title: 'Back-pressure figures',
    to: 'Noesis',
    text: 'What do these figures say about back-pressure?',
    answer: 'The buffer grows only in the second run, and there it grows with the square of',
  },
  {
    title: 'Tone of the error texts',
    to: 'Rhetor',
    text: 'Is the tone of our error texts right?',
    answer: 'Almost. They say what happened and what to do, but three of them',
  },
];

export const conversation = {
  title: 'Retry loop after hang-up',
  before: [{ to: 'Engram', text: 'What did we say about the abort signal?' }],
  live: {
    to: 'Apollo',
    text: 'The gateway goes on retrying after a hang-up. Read `retry.ts` and tell me why.',
    answer: `The loop catches *every* error, also the \`AbortError\` of a hang-up. One line mends it:\n\n${fence}ts src/gateway/retry.ts\nfor (let n = 0; n < 5; n++) {\n  if (signal.aborted) throw signal.reason; // leave at once\n  try { return await call(signal); }\n  catch { await sleep(backOff(n), signal); }\n}\n${fence}\n\nIt has to stand **before** the attempt, and \`sleep\` must take the signal as`,
  },
  queued: 'Then write a test that fails without the change.',
  draft: 'Does the same hold for the WebSocket path?',
};
