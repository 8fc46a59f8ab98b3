import type { MessagePort } from 'node:worker_threads';
import type { WebSocket } from 'ws';
import type { Channel } from '../limits/bare-arrays.ts';

/** Items in one array of the limit: as many as our peer sends at once when it is not held up. */
export const ARRAY = 128;

export const channelOf = (port: MessagePort): Channel => ({
  send: (text) => port.postMessage(text),
  hear: (listener) => void port.on('message', listener),
});

export const socketChannel = (socket: WebSocket): Channel => ({
  send: (text) => socket.send(text),
  hear: (listener) => void socket.on('message', (data) => listener(String(data))),
});
