// Vite's dev server with the renderer's own settings. What is not a file of the renderer goes on to the server.
import { join } from 'node:path';
import { createServer } from 'vite';
import config from '../electron.vite.config.ts';
import { root } from './prepare.mjs';

const [rendererPort, serverPort] = process.argv.slice(2).map(Number);
const target = `http://127.0.0.1:${serverPort}`;
// To the server all requests come from its own pages.
const proxy = { target, changeOrigin: true, headers: { origin: target } };

const vite = await createServer({
  ...config.renderer,
  root: join(root, config.renderer.root),
  configFile: false,
  server: {
    host: '127.0.0.1',
    port: rendererPort,
    strictPort: true,
    proxy: { '^/enter': proxy, '/rpc': { ...proxy, ws: true } },
  },
});
await vite.listen();
