import { createStore, type StoreApi } from 'zustand/vanilla';

export interface Toast {
  id: number;
  text: string;
  /** The way back, or on. */
  action: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = 6000;
const MOST = 2;

/** What one has just done and cannot see, with the way back. Never an error. */
export class Toasts {
  readonly store: StoreApi<{ toasts: readonly Toast[] }> = createStore(() => ({ toasts: [] }));
  readonly #after: (ms: number, run: () => void) => () => void;
  readonly #cancels = new Map<number, () => void>();
  #count = 0;

  constructor(after: (ms: number, run: () => void) => () => void) {
    this.#after = after;
  }

  show(text: string, action?: Toast['action']): void {
    const toast: Toast = { id: ++this.#count, text, action };
    const { toasts } = this.store.getState();
    for (const { id } of toasts.slice(0, -(MOST - 1))) this.dismiss(id);
    this.store.setState(({ toasts: left }) => ({ toasts: [...left, toast] }));
    this.release(toast.id);
  }

  /** Somebody is at it: it stays. */
  hold(id: number): void {
    this.#cancels.get(id)?.();
    this.#cancels.delete(id);
  }

  release(id: number): void {
    this.hold(id);
    this.#cancels.set(
      id,
      this.#after(SHOWN_MS, () => this.dismiss(id)),
    );
  }

  dismiss(id: number): void {
    this.hold(id);
    this.store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }
}
