import {
  type CallName,
  type CallParams,
  type CallResult,
  calls,
  type StreamItem,
  type StreamName,
  streams,
} from '#shared/contract/contract.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Handlers } from '#shared/wire/table.ts';

type StreamParams<S extends StreamName> = Parameters<Handlers['streams'][S]>[0];

/**
 * The contract's calls and streams without a pipe between, for dialects that translate into them. Params are given as
 * the contract's schemas give them out, so they are checked where they come in. Everything rejects with a Problem:
 * FORBIDDEN where the caller's scopes do not reach.
 */
export interface Direct {
  call<M extends Exclude<CallName, 'server.hello' | 'server.ping'>>(
    method: M,
    params: CallParams<M>,
  ): Promise<CallResult<M>>;
  /** Whoever opens a source closes it. */
  open<S extends StreamName>(stream: S, params: StreamParams<S>): Promise<Source<StreamItem<S>>>;
}

/** `allow` throws for what the caller may not ask; `signal` aborts when the caller is gone. */
export function direct(
  handlers: Handlers,
  client: { name: string; version: string },
  signal: AbortSignal,
  allow: (name: CallName | StreamName) => void,
): Direct {
  const context = { client, signal };
  return {
    async call(method, params) {
      allow(method);
      const checked = calls[method].params.safeParse(params);
      if (!checked.success) throw misread(method, checked.error.issues[0]);
      const answer = handlers.calls[method] as (params: unknown, context: object) => Promise<never>;
      return answer(checked.data, context);
    },
    async open(stream, params) {
      allow(stream);
      const checked = streams[stream].params.safeParse(params);
      if (!checked.success) throw misread(stream, checked.error.issues[0]);
      const opener = handlers.streams[stream] as (params: unknown, context: object) => Promise<never>;
      return opener(checked.data, context);
    },
  };
}

const misread = (name: string, issue: { path: PropertyKey[]; message: string } | undefined) =>
  new Problem('INVALID_PARAMS', `${name}: ${issue?.path.join('.')}: ${issue?.message}.`, 'Correct the request.');
