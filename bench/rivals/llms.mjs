// @musistudio/llms before the provider at the port given, in a process of its own. It says its port to its parent.
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

// Its module form does not run.
const llms = createRequire(import.meta.url)('@musistudio/llms');

const free = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const Server = llms.default ?? llms;
const server = new Server({
  logger: false,
  useJsonFile: false,
  useEnvFile: false,
  initialConfig: {
    HOST: '127.0.0.1',
    PORT: String(free),
    providers: [
      {
        name: 'bench',
        api_base_url: `http://127.0.0.1:${process.argv[2]}/v1/chat/completions`,
        api_key: 'none',
        models: ['first', 'flood', 'paced'],
      },
    ],
  },
});
await server.start();
process.send({ port: free });
