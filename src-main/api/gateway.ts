import type { GatewayInfo } from '#shared/domain/gateway.ts';
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

export const gatewayCalls = (
  gateway: GatewayControl,
): Pick<CallHandlers, Extract<keyof CallHandlers, `gateway.${string}`>> => ({
  'gateway.get': async () => gateway.info(),
  'gateway.set': (wanted) => gateway.set(wanted),
  'gateway.addToken': ({ name }) => gateway.addToken(name),
  'gateway.removeToken': async ({ id }) => {
    await gateway.removeToken(id);
    return {};
  },
});
