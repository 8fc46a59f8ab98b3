#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const built = (path) => new URL(`../out/${path}`, import.meta.url);
const entry = built('main/serve.js');

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (Number.parseInt(process.versions.node, 10) < 22)
  refuse(
    `Choragus needs Node 22 or newer, and this is ${process.versions.node}. Start it with npm start, which brings its own.`,
  );
if (!existsSync(entry)) refuse('Choragus is not built. Run npm start, or npm run build.');

// A sixth of each start is compiling; beside the build, so that a new build begins anew.
module.enableCompileCache?.(fileURLToPath(built('main/.compile-cache')));
const { main } = await import(entry.href);
await main({
  args: process.argv.slice(2),
  rendererDir: fileURLToPath(built('renderer')),
  licencesFile: fileURLToPath(built('licences.json')),
  workerFile: built('main/log-worker.js'),
});
