import { join } from 'node:path';
import { end, helper } from '../harness/child.ts';
import { configure, startServer } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import type { Row } from '../harness/rows.ts';
import { breaks } from './breaks.ts';
import { cpu } from './cpu.ts';
import { firstToken } from './first-token.ts';
import { parts } from './parts.ts';

/** Everything with which streaming is measured, each part a process of its own but for the clients, which live here. */
export async function measure(): Promise<Row[]> {
  const provider = await helper<{ port: number }>(join(import.meta.dirname, 'provider.ts'));
  const proxy = await helper<{ port: number }>(join(import.meta.dirname, '../limits/pass-through.ts'), [
    String(provider.said.port),
  ]);
  const dataDir = newFolder();
  configure(dataDir, provider.said.port);
  const server = await startServer(dataDir);
  const stand = {
    provider: { process: provider.process, port: provider.said.port },
    proxy: { process: proxy.process, port: proxy.said.port },
    server,
    client: server.client(),
  };
  const rows: Row[] = [];
  for (const part of [parts, firstToken, cpu, breaks]) rows.push(...(await part(stand)));
  await server.end();
  await end(proxy.process);
  await end(provider.process);
  return rows;
}
