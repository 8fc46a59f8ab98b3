import type { GatewayInfo, Scope } from '#shared/domain/gateway.ts';
import type { CallHandlers } from './handlers.ts';

/** What a host can do with its gateway. */
export interface GatewayControl {
  info(): GatewayInfo;
  /** Resolves when it listens, or when it is known why it cannot. */
  set(wanted: { enabled: boolean; port: number; origins?: string[] | undefined }): Promise<GatewayInfo>;
  /** Tells the token this once. */
  addToken(name: string, scopes: readonly Scope[]): Promise<{ id: string; token: string }>;
  /** Throws NOT_FOUND. */
  removeToken(id: string): Promise<void>;
}

type Calls = Pick<CallHandlers, Extract<keyof CallHandlers, `gateway.${string}`>>;

/** No access token of its own lets a program change who comes in and where: its access would outlive it (`scopes.ts`). */
export function gatewayCalls(gateway: GatewayControl): Calls {
  return {
    'gateway.get': async () => gateway.info(),
    'gateway.set': async (wanted) => gateway.set(wanted),
    'gateway.addToken': async ({ name, scopes }) => gateway.addToken(name, scopes),
    'gateway.removeToken': async ({ id }) => {
      await gateway.removeToken(id);
      return {};
    },
  };
}
