import type { StreamItem } from '#shared/contract/contract.ts';
import type { Signal } from '#shared/kit/signal.ts';
import type { Source } from '#shared/wire/source.ts';
import type { StreamHandlers } from './handlers.ts';

type Item = StreamItem<'host.follow'>;
export type HostAsk = Item['ask'];

/** What a window has not taken up by then, it need not do any more. */
const MOST_WAITING = 16;

/** What the menus ask of one window. Without a desktop there are no menus, and nothing ever comes. */
class AskSource implements Source<Item> {
  readonly #leave: () => void;
  #waiting: Item[] = [];
  #ready: () => void = () => {};

  constructor(asks: Signal<{ address: string; ask: HostAsk }> | undefined, own: string) {
    this.#leave =
      asks?.on(({ address, ask }) => {
        if (address !== own) return;
        this.#waiting = [...this.#waiting, { ask }].slice(-MOST_WAITING);
        this.#ready();
      }) ?? (() => {});
  }

  onReady(ready: () => void): void {
    this.#ready = ready;
  }

  async pull(max: number): Promise<Item[]> {
    return this.#waiting.splice(0, max);
  }

  close(): void {
    this.#leave();
  }
}

/** `address`: of the connection that follows. */
export const hostStreams = (
  asks: Signal<{ address: string; ask: HostAsk }> | undefined,
  address: string,
): Pick<StreamHandlers, 'host.follow'> => ({
  'host.follow': async () => new AskSource(asks, address),
});
