import type { ChildProcess } from 'node:child_process';
import type { Client } from '#shared/wire/client.ts';
import type { Server } from '../harness/choragus.ts';

/** What streaming is measured on: a provider, the server and a bare proxy before it, and a client of the server. */
export interface Stand {
  provider: { process: ChildProcess; port: number };
  proxy: { process: ChildProcess; port: number };
  server: Server;
  client: Client;
}
