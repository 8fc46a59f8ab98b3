import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { expect, oneProvider, test } from '../support/test.ts';

test.describe('a hostile page', () => {
  test.use({ allowed: /status of 403|CORS policy|WebSocket connection to|ERR_FAILED/ });

  test('reaches neither page nor socket, although the browser is signed in', async ({ serve, open, page, context }) => {
    const server = await serve();
    await open(server);
    const elsewhere = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Prizes</title>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const evil = await context.newPage();
    await evil.goto(`http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`);
    const heard: (number | undefined)[] = [];
    evil.on('response', (response) => {
      if (response.url().startsWith(server.url)) heard.push(response.status());
    });

    const found = await evil.evaluate(async (url) => {
      const read = (mode: RequestMode) =>
        fetch(url, { mode, credentials: 'include' }).then(
          async (answer) => `${answer.type} ${await answer.text()}`,
          () => 'refused',
        );
      const post = fetch(`${url}/link`, { method: 'POST', credentials: 'include', mode: 'no-cors' }).then(
        async (answer) => answer.text(),
        () => 'refused',
      );
      const socket = new Promise((resolve) => {
        const opened = new WebSocket(`${url.replace('http', 'ws')}/rpc`);
        opened.onopen = () => resolve('open');
        opened.onclose = () => resolve('refused');
      });
      const frame = document.createElement('iframe');
      frame.src = url;
      const framed = new Promise((resolve) => {
        frame.onload = () => resolve(frame.contentDocument === null ? 'closed' : 'readable');
      });
      document.body.append(frame);
      return [await read('cors'), await read('no-cors'), await post, await socket, await framed];
    }, server.url);
    expect(found).toEqual([
      'refused',
      expect.stringMatching(/^(opaque |refused)$/),
      expect.stringMatching(/^(|refused)$/),
      'refused',
      'closed',
    ]);
    expect(heard.filter((status) => status !== 403)).toEqual([]);
    elsewhere.closeAllConnections();
    elsewhere.close();
    await expect(page.getByRole('contentinfo')).toContainText('Connected');
  });
});

test('a foreign name bound to this address is refused, whatever it brings along', async ({ serve, open, context }) => {
  const server = await serve();
  await open(server);
  const [cookie] = await context.cookies(server.url);
  const ask = (host: string, path = '/') =>
    new Promise<number>((resolve, reject) => {
      const headers = { host, cookie: `${cookie?.name}=${cookie?.value}` };
      request({ host: '127.0.0.1', port: server.port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await ask(`127.0.0.1:${server.port}`)).toBe(200);
  for (const host of [
    `evil.example:${server.port}`,
    'evil.example',
    '127.0.0.1:1',
    `127.0.0.1.evil.example:${server.port}`,
  ])
    expect({ host, status: await ask(host) }).toEqual({ host, status: 421 });
});

test('garbage at the socket gets a clear error each time, and the open page never notices', async ({
  serve,
  ai,
  open,
}) => {
  const server = await serve({ config: oneProvider(ai.url) });
  const window = await open(server);
  const answer = ai.hold();
  await window.ask('Go on whatever happens');
  await answer.say('Calm ');
  await expect(window.answer).toContainText('Calm');

  const headers = { authorization: `Bearer ${server.token}` };
  const dial = async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rpc`, { headers });
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  };
  const socket = await dial();
  const reply = async (frame: string | Buffer) => {
    const heard = new Promise<{ id: unknown; error?: { code: number; message: string } }>((resolve) =>
      socket.once('message', (data) => resolve(JSON.parse(String(data)))),
    );
    socket.send(frame, { binary: typeof frame !== 'string' });
    return heard;
  };
  const call = (method: string, params: unknown, id: unknown = 1) =>
    JSON.stringify({ jsonrpc: '2.0', id, method, params });
  const hello = call('server.hello', { protocol: 1, client: { name: 'garbage', version: '1' } });
  const refusals: [frame: string | Buffer, code: number, said: RegExp][] = [
    ['{"jsonrpc":', -32700, /is not JSON/],
    [Buffer.from([0, 1, 2, 255]), -32700, /binary frame/],
    ['[]', -32600, /batch is empty/],
    ['"hello"', -32600, /bare string/],
    ['[[1]]', -32600, /array inside a batch/i],
    ['{"id":7,"method":"sessions.list"}', -32600, /lacks "jsonrpc"/],
    [call('sessions.list', {}), -32600, /before the answer to server\.hello/],
    [call('server.hello', { protocol: 'one' }), -32602, /params\.protocol/],
    [call('server.hello', { protocol: 99, client: { name: 'x', version: '1' } }), -32012, /protocol 1/],
  ];
  for (const [frame, code, said] of refusals) {
    const { error } = await reply(frame);
    expect({ frame, ...error }).toMatchObject({ frame, code, message: expect.stringMatching(said) });
  }
  expect(await reply(hello)).toMatchObject({ id: 1, result: { protocol: 1 } });
  const afterwards: [frame: string, code: number][] = [
    [call('no.such.call', {}), -32601],
    [call('__proto__', {}), -32601],
    [call('sessions.list', { limit: 'many' }), -32602],
    [call('sessions.list', []), -32602],
    [call('session.follow', { session: 'nowhere', cursor: '; drop table' }), -32602],
    [call('messages.send', { text: 'x'.repeat(200_000) }), -32602],
    [call('sessions.list', { pad: 'x'.repeat(1024 * 1024) }), -32001],
    [call('sessions.list', { pad: 'x'.repeat(10 * 1024 * 1024) }), -32001],
    [JSON.stringify(Array.from({ length: 1001 }, () => ({}))), -32600],
  ];
  for (const [frame, code] of afterwards) {
    const { error } = await reply(frame);
    expect({ frame: frame.slice(0, 100), ...error }).toMatchObject({ code });
    expect(error?.message.length).toBeLessThan(300);
  }
  expect(await reply(call('sessions.list', {}, 'still here'))).toMatchObject({
    id: 'still here',
    result: { more: false },
  });
  const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
  socket.send('x'.repeat(17 * 1024 * 1024));
  expect(await closed).toBe(1009);

  await answer.say('and ', 'clear.');
  await answer.end();
  await expect(window.text()).toHaveText('Calm and clear.');
  await expect(window.status).toContainText('Connected');
  expect(server.process.stderr).toBe('');
});
