// What a main process imports as `electron`. What it lacks is an error that names it.
import { app } from './app.ts';
import * as services from './services.ts';
import { BrowserWindow } from './window.ts';

export * from './services.ts';
export * from './window.ts';
export { app };

// A test sends functions that run here with all of this, as Playwright does with a real Electron.
process.on('message', async ({ id, source, argument }: { id?: number; source: string; argument: unknown }) => {
  if (id === undefined) return;
  const run = async () =>
    new Function(`return (${source})(...arguments)`)({ ...services, app, BrowserWindow }, argument);
  process.send?.(
    await run()
      .then((value) => ({ id, value }))
      .catch((error) => ({ id, error: String(error) })),
  );
});
process.on('disconnect', () => process.exit(1));
