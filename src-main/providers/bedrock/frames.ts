import { crc32 } from 'node:zlib';
import type { Each } from '../ai-sdk/wire.ts';
import { garbled } from '../refusal.ts';
import { type EventStream, MAX_EVENT } from '../sse.ts';

/** Total length, length of the headers, and the checksum of both. */
const PRELUDE = 12;
const CHECKSUM = 4;

/**
 * Amazon's event stream (`application/vnd.amazon.eventstream`): frames of a prelude, typed headers, a body and a
 * checksum. An exception is told under the name `exception:` and its type.
 */
export function frames(provider: string, each: Each): EventStream {
  let held = Buffer.alloc(0);
  let alive = false;

  function frame(bytes: Buffer): void {
    const headersEnd = PRELUDE + bytes.readUInt32BE(4);
    const end = bytes.length - CHECKSUM;
    if (headersEnd > end || crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw damaged();
    const headers = headersOf(bytes.subarray(PRELUDE, headersEnd));
    if (headers === undefined) throw damaged();
    const exception = headers.get(':exception-type') ?? headers.get(':error-code');
    const name = exception === undefined ? headers.get(':event-type') : `exception:${exception}`;
    const data = bytes.toString('utf8', headersEnd, end);
    each(data === '' ? '{}' : data, name, bytes);
  }

  const damaged = () => garbled(provider, 'a frame that is damaged');

  return {
    push(bytes) {
      held = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes]);
      while (held.length >= PRELUDE) {
        const total = held.readUInt32BE(0);
        if (crc32(held.subarray(0, 8)) !== held.readUInt32BE(8) || total < PRELUDE + CHECKSUM) throw damaged();
        alive = true;
        if (total > MAX_EVENT) throw garbled(provider, 'a single event of more than 8 MB');
        if (held.length < total) return;
        frame(held.subarray(0, total));
        held = held.subarray(total);
      }
    },
    end() {
      if (held.length > 0) throw damaged();
    },
    get alive() {
      return alive;
    },
    binary: true,
  };
}

/** Bytes of a value by its type; a text or a row of bytes tells its own length. */
const sizes = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT = 7;

/** Those that are text. Undefined when they do not fit where they lie. */
function headersOf(bytes: Buffer): Map<string, string> | undefined {
  const found = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] ?? 0);
    const type = bytes[nameEnd];
    if (type === undefined || type >= sizes.length) return undefined;
    const start = sizes[type] === undefined ? nameEnd + 3 : nameEnd + 1;
    if (start > bytes.length) return undefined;
    const end = start + (sizes[type] ?? bytes.readUInt16BE(nameEnd + 1));
    if (end > bytes.length) return undefined;
    if (type === TEXT) found.set(bytes.toString('utf8', at + 1, nameEnd), bytes.toString('utf8', start, end));
    at = end;
  }
  return found;
}
