import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { end, helper } from '../harness/child.ts';
import { configure, root, type Server, startServer, token } from '../harness/choragus.ts';
import { newFolder } from '../harness/folders.ts';
import type { Gateway } from '../limits/http-client.ts';

export interface Peer extends Gateway {
  pid: number;
}

/** One provider, and what stands before it: ours, a bare proxy, and the rivals that are installed. */
export interface Peers {
  provider: { process: ChildProcess; port: number };
  ours: Peer;
  proxy: Peer;
  rivals: Record<string, Peer>;
  server: Server;
  end(): Promise<void>;
}

type Said = { port: number };

export async function startPeers(): Promise<Peers> {
  const provider = await helper<Said>(join(root, 'bench/streaming/provider.ts'));
  const { port } = provider.said;
  const proxy = await helper<Said>(join(root, 'bench/limits/pass-through.ts'), [String(port)]);
  const dataDir = newFolder();
  configure(dataDir, port);
  const server = await startServer(dataDir);
  const children = [provider.process, proxy.process];
  const rivals: Record<string, Peer> = {};
  const headers: Record<string, Gateway> = {
    llms: { port: 0, model: (name) => `bench,${name}` },
    portkey: {
      port: 0,
      headers: {
        'x-portkey-provider': 'openai',
        'x-portkey-custom-host': `http://127.0.0.1:${port}/v1`,
        authorization: 'Bearer none',
      },
    },
  };
  if (existsSync(join(root, 'bench/rivals/node_modules')))
    for (const [name, asked] of Object.entries(headers)) {
      const rival = await helper<Said>(join(root, `bench/rivals/${name}.mjs`), [String(port)]);
      children.push(rival.process);
      rivals[name] = { ...asked, port: rival.said.port, pid: rival.process.pid! };
    }
  else console.error('No rival is installed: see bench/rivals/README.md.');
  return {
    provider: { process: provider.process, port },
    ours: {
      port: server.port,
      pid: server.pid,
      model: (name) => `bench/${name}`,
      headers: { authorization: `Bearer ${token}` },
    },
    proxy: { port: proxy.said.port, pid: proxy.process.pid! },
    rivals,
    server,
    async end() {
      await server.end();
      for (const child of children) await end(child);
    },
  };
}
