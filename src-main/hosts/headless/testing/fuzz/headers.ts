import fc from 'fast-check';
import { MARK } from './world.ts';

/** All that a header may hold; an address no space either. */
export const octet = fc
  .integer({ min: 0x20, max: 0xff })
  .filter((code) => code !== 0x7f)
  .map((code) => String.fromCharCode(code));
const oddHeader = fc.tuple(
  fc.constantFrom(
    'Last-Event-ID',
    'Accept',
    'User-Agent',
    'Cookie',
    'Authorization',
    'X-API-Key',
    'Content-Type',
    'Content-Encoding',
    'Expect',
    'Range',
    'If-None-Match',
    'X-Choragus-Resumable',
    'anthropic-version',
    'Sec-WebSocket-Protocol',
    'Choragus-Key',
    'X-Forwarded-Host',
    'Forwarded',
    'Upgrade',
    'Accept-Encoding',
    'Transfer-Encoding',
    '__proto__',
    'constructor',
  ),
  fc.oneof(
    fc.constantFrom(
      '',
      '1',
      'x:1',
      'epoch:99999999999',
      'text/html',
      'gzip',
      '100-continue',
      'bytes=0-',
      '*',
      'websocket',
      'h2c',
      'Bearer',
      'Basic x',
      'application/json; charset=utf-16',
      `choragus, ${MARK}`,
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
    ),
    fc.string({ unit: octet, maxLength: 60 }),
  ),
);
export const oddHeaders = fc.array(oddHeader, { maxLength: 5 });
