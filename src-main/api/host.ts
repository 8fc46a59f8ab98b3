import type { StreamItem } from '#shared/contract/contract.ts';
import type { Source } from '#shared/wire/source.ts';
import type { StreamHandlers } from './handlers.ts';

type Item = StreamItem<'host.follow'>;
export type HostAsk = Item['ask'];

/** What a window has not taken up by then, it need not do any more. */
const MOST_WAITING = 16;

/**
 * What the menus of a desktop ask of its windows, by the address that each is connected with. The last that a window is
 * asked while nobody hears it, such as while its page loads, waits for it.
 */
export class HostAsks {
  readonly #followers = new Set<{ address: string; heed: (ask: HostAsk) => void }>();
  readonly #unheard = new Map<string, HostAsk>();

  ask(address: string, ask: HostAsk): void {
    const followers = [...this.#followers].filter((each) => each.address === address);
    if (followers.length === 0) this.#unheard.set(address, ask);
    for (const { heed } of followers) heed(ask);
  }

  /** Hears what this window is asked. Returns the function that ends it. */
  on(address: string, heed: (ask: HostAsk) => void): () => void {
    const follower = { address, heed };
    this.#followers.add(follower);
    const unheard = this.#unheard.get(address);
    this.#unheard.delete(address);
    if (unheard !== undefined) heed(unheard);
    return () => void this.#followers.delete(follower);
  }
}

/** What the menus ask of one window. Without a desktop there are no menus, and nothing ever comes. */
class AskSource implements Source<Item> {
  readonly #leave: () => void;
  #waiting: Item[] = [];
  #ready: () => void = () => {};

  constructor(asks: HostAsks | undefined, address: string) {
    this.#leave =
      asks?.on(address, (ask) => {
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
export const hostStreams = (asks: HostAsks | undefined, address: string): Pick<StreamHandlers, 'host.follow'> => ({
  'host.follow': async () => new AskSource(asks, address),
});
