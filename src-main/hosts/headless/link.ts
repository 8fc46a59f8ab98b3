import { existsSync } from 'node:fs';
import { Problem } from '#shared/domain/problem.ts';
import { lastOwner, takeOwnership } from '../../log/lock.ts';
import { accessFile } from '../data-folder.ts';
import { givenToken, readAccessKeys } from '../server/access.ts';

/** Asks the Choragus that owns the data folder for a new link. */
export async function requestLink(dataDir: string, env: Record<string, string | undefined>): Promise<string> {
  const notRunning = (cause?: unknown) =>
    new Problem('DISCONNECTED', `No Choragus runs with the data folder ${dataDir}.`, 'Start it with npm start.', {
      cause,
    });
  // Nothing is made in a folder that was named by mistake, not even a lock.
  if (!existsSync(accessFile(dataDir)) || !isOwned(dataDir)) throw notRunning();
  const address = lastOwner(dataDir)?.address;
  const token = givenToken(env.CHORAGUS_TOKEN) ?? readAccessKeys(accessFile(dataDir), () => {})?.token;
  if (token === undefined) throw notRunning();
  if (address === undefined)
    throw new Problem(
      'DISCONNECTED',
      `The Choragus with the data folder ${dataDir} does not listen for browsers.`,
      'Switch the gateway on in its Settings.',
    );

  const answer = await fetch(`${address}/link`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(5000),
  }).catch((error: unknown) => {
    throw notRunning(error);
  });
  if (answer.ok) return ((await answer.json()) as { link: string }).link;
  throw new Problem(
    'UNAUTHORIZED',
    `The Choragus at ${address} was started with another access token.`,
    'Set CHORAGUS_TOKEN to the value that it was started with.',
  );
}

/** Looks at the lock, since after a kill another program may listen at the address, and must not get the token. */
function isOwned(dataDir: string): boolean {
  try {
    takeOwnership(dataDir, { pid: process.pid, startedAt: Date.now() }).release();
    return false;
  } catch (error) {
    if (error instanceof Problem && error.code === 'BUSY') return true;
    throw error;
  }
}
