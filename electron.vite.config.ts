import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

const root = import.meta.dirname;

/** Main: one process per entry, dependencies stay outside the bundle. Renderer: one page, minified. */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      rolldownOptions: {
        input: {
          serve: resolve(root, 'src-main/hosts/headless/main.ts'),
          'log-worker': resolve(root, 'src-main/log/worker.ts'),
        },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    plugins: [react()],
    worker: { format: 'es' },
    build: {
      outDir: 'out/renderer',
      minify: true,
      target: 'chrome140',
      // Before compression; the first view is 229 kB of script, the largest grammar is loaded when it is seen.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: { index: resolve(root, 'src-renderer/index.html') } },
    },
  },
});
