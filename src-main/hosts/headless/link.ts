import { existsSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Problem } from '#shared/domain/problem.ts';
import { givenToken, readAccessKeys } from '../../gateway/access.ts';
import { lastOwner, takeOwnership } from '../../log/lock.ts';
import { accessFile } from '../data-folder.ts';

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

  const answer = await post(`${address}/link`, token).catch((error: unknown) => {
    throw notRunning(error);
  });
  if (answer.status === 200) return (JSON.parse(answer.text) as { link: string }).link;
  throw new Problem(
    'UNAUTHORIZED',
    `The Choragus at ${address} was started with another access token.`,
    'Set CHORAGUS_TOKEN to the value that it was started with.',
  );
}

/**
 * The address is one of this computer, told by the process that holds the lock. Its certificate may be for the names that
 * others use, and signed by nobody that this computer knows, so it proves nothing more here.
 */
function post(url: string, token: string): Promise<{ status: number | undefined; text: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const options = { method: 'POST', headers, timeout: 5000, agent: false as const };
  return new Promise((resolve, reject) => {
    const asked = url.startsWith('https:')
      ? httpsRequest(url, { ...options, rejectUnauthorized: false })
      : httpRequest(url, options);
    asked.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (data: string) => (text += data));
      answer.on('end', () => resolve({ status: answer.statusCode, text }));
      answer.on('error', reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('No answer came within 5 s.')));
    asked.on('error', reject);
    asked.end();
  });
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
