import { type Service, services } from '#shared/domain/providers.ts';
import type { ProviderInfo } from '#shared/domain/summary.ts';

const placeOf = (url: string) => url.replace('//localhost', '//127.0.0.1').replace(/\/$/, '');

/** The first service that is not connected yet. */
export function firstService(providers: readonly ProviderInfo[]): Service {
  const taken = new Set(providers.flatMap(({ name, baseUrl }) => [name, placeOf(baseUrl ?? '')]));
  const free = services.find(({ title, baseUrl }) => !taken.has(title) && !taken.has(placeOf(baseUrl)));
  return free ?? (services[0] as Service);
}

/** What stands in its form before anybody typed; a server of one's own has no name yet. */
export const serviceFields = ({ id, title, baseUrl }: Service) => ({
  name: id === 'compatible' ? '' : title,
  baseUrl,
  key: '',
  models: '',
});
