import { createParser, type EventSourceMessage } from 'eventsource-parser';
import OpenAI from 'openai';
import { away, expect, oneProvider, test } from '../support/test.ts';

test.use({ allowed: away });

test('the official OpenAI client and a reader of server-sent events work with a token from the settings, the latter through a kill', async ({
  serve,
  open,
  ai,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  const token = await window.createToken('A program', ['Chat']);

  const client = new OpenAI({ apiKey: token, baseURL: `${server.url}/v1`, maxRetries: 0 });
  const models = [];
  for await (const { id } of client.models.list()) models.push(id);
  expect(models).toEqual(expect.arrayContaining(['apollo', 'noesis', 'local/test-model']));
  const held = ai.hold();
  const asked = client.chat.completions.create({
    model: 'apollo',
    stream: true,
    messages: [{ role: 'user', content: 'Who is here?' }],
  });
  // Its status is known with the first token.
  await held.say('We ', 'are.');
  await held.end();
  let text = '';
  for await (const { choices } of await asked) text += choices[0]?.delta.content ?? '';
  expect(text).toBe('We are.');

  const turn = ai.hold();
  const heard: EventSourceMessage[] = [];
  const authorization = `Bearer ${token}`;
  /** Adds the events of one connection; resolves when it has ended. */
  const read = async (response: Response) => {
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const parser = createParser({ onEvent: (event) => heard.push(event) });
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) parser.feed(piece);
  };
  const first = await fetch(`${server.url}/api/v2/ai/apollo-ai/stream`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ content: 'Tell me about kills' }),
  });
  const lost = expect(read(first)).rejects.toThrow();
  await turn.say('They ');
  await expect.poll(() => heard.at(-1)?.data).toContain('They ');
  await server.kill('SIGKILL');
  await lost;
  await server.restart();
  const id = first.headers.get('x-choragus-turn');
  const seen = heard.length;
  await read(
    await fetch(`${server.url}/api/v2/turns/${id}/stream`, {
      headers: { authorization, 'last-event-id': heard.at(-1)!.id! },
    }),
  );
  const rest = heard.slice(seen).map(({ data }) => JSON.parse(data));
  expect(rest).toMatchObject([
    { type: 'start', turn_id: id },
    { type: 'error', code: 'INTERRUPTED', recoverable: true },
  ]);

  // All of it, for whoever begins at the beginning.
  heard.length = 0;
  await read(await fetch(`${server.url}/api/v2/turns/${id}/stream`, { headers: { authorization } }));
  expect(heard.map(({ data }) => JSON.parse(data))).toMatchObject([
    { type: 'start' },
    { type: 'content', data: 'They ', offset: 0 },
    { type: 'error' },
  ]);
});
