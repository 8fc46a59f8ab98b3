import type { Exports } from '../engines/transfer/exports.ts';
import type { Imports } from '../engines/transfer/imports.ts';
import type { CallHandlers } from './handlers.ts';

export const transferCalls = (
  imports: Imports,
  exports: Exports,
): Pick<CallHandlers, 'imports.start' | 'exports.start'> => ({
  'imports.start': async ({ file }) => imports.start(file),
  'exports.start': (params) => exports.start(params),
});
