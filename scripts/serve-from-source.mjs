// The `choragus` command from its sources, without a build: for `npm run dev` and for tests. Needs the project's Node.
import { join } from 'node:path';
import { main } from '../src-main/hosts/headless/main.ts';
import { root } from './prepare.mjs';

await main({
  args: process.argv.slice(2),
  rendererDir: process.env.CHORAGUS_RENDERER ?? join(root, 'out/renderer'),
  licencesFile: join(root, 'out/licences.json'),
});
