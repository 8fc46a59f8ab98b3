import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import { securityHeaders } from '../../gateway/guard.ts';
import { ownPath } from './address.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** The file below `root` that an address means; null when it means none there. */
export function pageFile(root: string, address: string): string | null {
  const path = decoded(ownPath(address));
  if (path === null || /[\0\\:]/.test(path)) return null;
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(join(root, sep)) ? file : null;
}

function decoded(path: string | null): string | null {
  try {
    return path === null ? null : decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Answers requests for the built renderer, and for nothing else. */
export function pages(root: string): (request: { method: string; url: string }) => Promise<Response> {
  return async ({ method, url }) => {
    if (method !== 'GET') return refuse(405, 'Only GET is answered here.');
    const file = pageFile(root, url);
    const type = file === null ? undefined : types[extname(file)];
    const body = type === undefined ? null : await readFile(file!).catch(() => null);
    if (body === null) return refuse(404, 'There is nothing at this address.');
    return new Response(body, { headers: { ...securityHeaders, 'content-type': type! } });
  };
}

const refuse = (status: number, text: string) =>
  new Response(text, { status, headers: { ...securityHeaders, 'content-type': 'text/plain; charset=utf-8' } });
