import type { Handlers } from '#shared/wire/table.ts';

/** One function per entry of the contract; the type checker names what is missing. */
export type CallHandlers = Handlers['calls'];
export type StreamHandlers = Handlers['streams'];
