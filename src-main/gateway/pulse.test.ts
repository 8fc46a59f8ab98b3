import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { pingMs } from './pulse.ts';
import { echo } from './testing/echo.ts';
import { bearer, type Running, running } from './testing/running.ts';

let there: Running;
beforeEach(async () => {
  there = await running({ areas: [echo] });
});
afterEach(() => there.close());

const open = async (path: string): Promise<WebSocket> => {
  const socket = await there.upgrade(path, bearer('chat'));
  if (socket instanceof WebSocket) return socket;
  throw new Error(socket.text);
};
const once = (socket: WebSocket, event: string) =>
  new Promise<unknown[]>((resolve) => socket.once(event, (...told) => resolve(told)));
const roundTrips = () => there.choragus.connections.list().map(({ roundTripMs }) => roundTripMs);

it('whoever is connected is pinged, and the way there and back is measured', async () => {
  const socket = await open('/rpc');
  expect(roundTrips()).toEqual([null]);
  const pinged = once(socket, 'ping');
  there.clock.advance(pingMs);
  // The answer is on its way by now, and takes as long as the clock says.
  there.clock.advance(7);
  await pinged;
  await expect.poll(roundTrips).toEqual([7]);
});

it('a socket of a dialect is measured as well', async () => {
  const socket = await open('/ws/chat');
  const ask = async () => {
    socket.send('?');
    return JSON.parse(String((await once(socket, 'message'))[0])).measured;
  };
  expect(await ask()).toEqual({ roundTripMs: null });
  const pinged = once(socket, 'ping');
  there.clock.advance(pingMs);
  await pinged;
  expect(await ask()).toEqual({ roundTripMs: 0 });
});

it('who answers no ping is hung up on after two, and nobody else', async () => {
  const [dead, alive] = [await open('/rpc'), await open('/rpc')];
  dead.pause();
  for (let time = 0; time < 3; time++) {
    expect(there.choragus.connections.list()).toHaveLength(2);
    const pinged = once(alive, 'ping');
    there.clock.advance(pingMs);
    await pinged;
    // It has been heard when what it sends after its answer has.
    alive.send('{"still":"there"}');
    await once(alive, 'message');
  }
  await expect.poll(() => there.choragus.connections.list()).toHaveLength(1);
  expect(alive.readyState).toBe(WebSocket.OPEN);
  dead.resume();
  expect((await once(dead, 'close'))[0]).toBe(1006);
});

it('who sends is alive, although it answers no ping', async () => {
  const socket = new WebSocket(`${there.server.url.replace('http', 'ws')}/rpc`, {
    headers: bearer('chat'),
    autoPong: false,
  });
  await once(socket, 'open');
  for (let time = 0; time < 5; time++) {
    socket.send('{"still":"there"}');
    await once(socket, 'message');
    there.clock.advance(pingMs);
  }
  expect(roundTrips()).toEqual([null]);
  socket.terminate();
});

it('one timer serves all, those that came apart in their own time, and there is none without anybody', async () => {
  expect(there.clock.timers).toBe(0);
  const first = await open('/ws/chat');
  there.clock.advance(10_000);
  const second = await open('/ws/chat');
  expect(there.clock.timers).toBe(1);
  const [one, two] = [once(first, 'ping'), once(second, 'ping')];
  there.clock.advance(5000);
  await one;
  there.clock.advance(10_000);
  await two;
  expect(there.clock.timers).toBe(1);
  for (const socket of [first, second]) {
    socket.close();
    await once(socket, 'close');
  }
  await expect.poll(() => there.clock.timers).toBe(0);
});
