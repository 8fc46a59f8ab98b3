import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { World } from './world.ts';

/** The head of a good request, without its end. */
export const head = (world: World, line = 'GET /v1/models') =>
  `${line} HTTP/1.1\r\nHost: 127.0.0.1:${world.port}\r\nAuthorization: Bearer ${world.tokens.chat}\r\n`;

export const opened = async (world: World): Promise<Socket> => {
  const socket = connect(world.port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
};
