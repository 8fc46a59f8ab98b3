import type { Files } from '../engines/transfer/files.ts';
import type { CallHandlers } from './handlers.ts';

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `files.${string}`>>;

export const fileCalls = (files: Files): Calls => ({
  'files.begin': ({ name, bytes }) => files.begin(name, bytes),
  'files.write': async ({ file, offset, piece }) => {
    await files.write(file, offset, piece);
    return {};
  },
  'files.read': ({ file, offset, bytes }) => files.read(file, offset, bytes),
  'files.forget': async ({ file }) => {
    await files.forget(file);
    return {};
  },
});
