// `node --import register.ts main.js` runs a built main process with the stand-in wherever it imports `electron`.
import { enableCompileCache, registerHooks } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const url = new URL('electron.ts', import.meta.url).href;
// A worker of the main process has no Electron, here as there.
if (isMainThread) {
  enableCompileCache();
  registerHooks({ resolve: (name, at, next) => (name === 'electron' ? { url, shortCircuit: true } : next(name, at)) });
  Object.assign(process.versions, { electron: 'a stand-in', chrome: 'a stand-in' });
}
