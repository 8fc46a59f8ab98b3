// Portkey's gateway, in a process of its own. It says its port to its parent once it answers.
import { createServer } from 'node:net';
import { join } from 'node:path';

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
process.argv.push(`--port=${port}`, '--headless');
await import(join(import.meta.dirname, 'node_modules/@portkey-ai/gateway/build/start-server.js'));
for (;;) {
  const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined);
  if (answer !== undefined) break;
  await new Promise((resolve) => setTimeout(resolve, 50));
}
process.send({ port });
