/**
 * The least with which items go from one thread to another over a channel: one array of them per turn of the event loop, as
 * JSON text, nothing checked. The reader says a word for each array, and few are under way at once.
 */
export interface Channel {
  send(text: string): void;
  hear(listener: (text: string) => void): void;
}

const UNDER_WAY = 4;

/** Sends `size` of the items at a time, over and over, as many as each request says. */
export function pour(channel: Channel, items: readonly unknown[], size: number): void {
  let left = 0;
  let underWay = 0;
  let from = 0;
  let awake = false;
  const turn = () => {
    awake = false;
    if (left === 0 || underWay === UNDER_WAY) return;
    const end = Math.min(from + size, from + left, items.length);
    channel.send(JSON.stringify(items.slice(from, end)));
    left -= end - from;
    from = end % items.length;
    underWay++;
    wake();
  };
  const wake = () => {
    if (awake) return;
    awake = true;
    setImmediate(turn);
  };
  channel.hear((text) => {
    if (text === 'read') underWay--;
    else left = Number(text);
    wake();
  });
}

/** What asks for so many items and resolves when they have come. */
export function reader(channel: Channel): (count: number) => Promise<void> {
  let left = 0;
  let done = () => {};
  channel.hear((text) => {
    left -= (JSON.parse(text) as unknown[]).length;
    channel.send('read');
    if (left <= 0) done();
  });
  return (count) =>
    new Promise((resolve) => {
      left = count;
      done = resolve;
      channel.send(String(count));
    });
}
