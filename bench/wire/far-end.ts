import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { calls, streams } from '#shared/contract/contract.ts';
import { messagePortPipe, platformPort } from '#shared/wire/message-port.ts';
import { serve } from '#shared/wire/peer.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import type { Handlers } from '#shared/wire/table.ts';
import { webSocketPipe } from '#shared/wire/websocket.ts';
import { systemClock } from '../../src-main/hosts/clock.ts';
import { pour } from '../limits/bare-arrays.ts';
import { ARRAY, channelOf, socketChannel } from './channels.ts';
import { events, from } from './events.ts';

/** The engines' end, in a thread of its own: a peer that serves, and beside it the limit, on ports and on sockets. */
const handlers = {
  calls: { 'server.hello': async () => ({ version: '1', epoch: 'e', host: null, notices: [] }) },
  // The session's name says how many events it has.
  streams: { 'session.follow': async ({ session }: { session: string }) => from(Number(session)) },
} as unknown as Handlers;
const answer = (pipe: Pipe) => serve(pipe, { contract: { calls, streams }, handlers, clock: systemClock });

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that this thread holds, nothing collectable among them. */
function held(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Looks by itself, since who asks may be the one that stalls; what is called tells the most that was held more than at first. */
function watch(): () => number {
  held();
  const before = held();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, held());
  }, 20);
  return () => {
    clearInterval(timer);
    return most - before;
  };
}

export type Order = { ours: MessagePort } | { limit: MessagePort } | 'watch' | 'tell';

let tell = () => 0;
parentPort!.on('message', (order: Order) => {
  if (order === 'watch') tell = watch();
  else if (order === 'tell') parentPort!.postMessage(tell());
  else if ('ours' in order) answer(messagePortPipe(platformPort(order.ours)));
  else pour(channelOf(order.limit), events, ARRAY);
});

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket, { url }) => {
  if (url === '/ours') answer(webSocketPipe(socket, systemClock));
  else pour(socketChannel(socket), events, ARRAY);
});
server.on('listening', () => parentPort!.postMessage((server.address() as AddressInfo).port));
