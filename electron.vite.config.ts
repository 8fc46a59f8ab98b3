import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { licences } from './scripts/licences.ts';

const root = import.meta.dirname;
const licensed = licences(root, resolve(root, 'out/licences.json'));

/**
 * Main: one process per entry, dependencies stay outside the bundle. Preload: one CommonJS file, as its sandbox wants it.
 * Renderer: the window, and the page to try the API; minified.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      rolldownOptions: {
        input: {
          desktop: resolve(root, 'src-main/hosts/desktop/main.ts'),
          serve: resolve(root, 'src-main/hosts/headless/main.ts'),
          'log-worker': resolve(root, 'src-main/log/worker.ts'),
          'tokenizer-worker': resolve(root, 'src-main/engines/session/window/tokenizer-worker.ts'),
          'offline-worker': resolve(root, 'src-main/providers/offline/worker.ts'),
          'transfer-worker': resolve(root, 'src-main/engines/transfer/worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: resolve(root, 'src-main/hosts/desktop/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react(), licensed.page()],
    worker: { format: 'es', plugins: () => [licensed.worker()] },
    build: {
      outDir: 'out/renderer',
      minify: true,
      target: 'chrome140',
      // Before compression; the first view is 229 kB of script, the largest grammar is loaded when it is seen.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        input: { index: resolve(root, 'src-renderer/index.html'), api: resolve(root, 'src-renderer/api.html') },
      },
    },
  },
});
