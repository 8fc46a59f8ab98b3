import type {
  CallName,
  CallRequest,
  CallResult,
  StreamItem,
  StreamName,
  StreamParams,
} from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';

/** One function per entry of the contract; the type checker names what is missing. */
export type CallHandlers = { [M in CallName]: (params: CallRequest<M>) => Promise<CallResult<M>> };
export type StreamHandlers = { [S in StreamName]: (params: StreamParams<S>) => Promise<Source<StreamItem<S>>> };
