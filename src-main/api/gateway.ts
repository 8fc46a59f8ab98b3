import type { GatewayInfo } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { CallHandlers } from './handlers.ts';

/** What a host can do with its gateway. */
export interface GatewayControl {
  info(): GatewayInfo;
  /** Resolves when it listens, or when it is known why it cannot. */
  set(wanted: { enabled: boolean; port: number }): Promise<GatewayInfo>;
  /** Tells the token this once. */
  addToken(name: string): Promise<{ id: string; token: string }>;
  /** Throws NOT_FOUND. */
  removeToken(id: string): Promise<void>;
}

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `gateway.${string}`>>;

/**
 * `token`: the access token of its own by which a program came in. It may look, but not change who comes in and where:
 * else its access would outlive the token. Null: the user.
 */
export function gatewayCalls(gateway: GatewayControl, token: string | null): Calls {
  const changing = () => {
    if (token === null) return gateway;
    throw new Problem(
      'UNAUTHORIZED',
      'A program with an access token of its own cannot change the gateway.',
      'Change it in the Settings of Choragus.',
    );
  };
  return {
    'gateway.get': async () => gateway.info(),
    'gateway.set': async (wanted) => changing().set(wanted),
    'gateway.addToken': async ({ name }) => changing().addToken(name),
    'gateway.removeToken': async ({ id }) => {
      await changing().removeToken(id);
      return {};
    },
  };
}
