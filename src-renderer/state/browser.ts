import type { FrameHost } from './frames.ts';

/** Frames of a page. A message to oneself, unlike a timer, is not slowed down while the page is hidden. */
export function browserFrames(page: Document): FrameHost {
  return {
    frame(run) {
      const handle = requestAnimationFrame(run);
      return () => cancelAnimationFrame(handle);
    },
    soon(run) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        run();
      };
      port2.postMessage(null);
      return () => port1.close();
    },
    hidden: () => page.hidden,
    onHidden(listener) {
      page.addEventListener('visibilitychange', () => {
        if (page.hidden) listener();
      });
    },
  };
}

/** Whether somebody may look at the page. */
export interface Visibility {
  visible(): boolean;
  onChange(listener: () => void): void;
}

export const browserVisibility = (page: Document): Visibility => ({
  visible: () => !page.hidden,
  onChange: (listener) => page.addEventListener('visibilitychange', listener),
});
