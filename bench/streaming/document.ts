/** What an AI writes when it explains something: all that Markdown has. */
const text = `## How a log keeps its order

A log that only grows has one property that everything else rests on: **what was written first stays first**. Readers may be
slow, they may go away and come back, and still the order is the one in which it was committed. The rest follows from that,
as the table shows.

| part | what it does | cost |
| --- | --- | ---: |
| commit | makes a row last | 120 µs |
| follow | reads from a cursor on | 4 µs |
| fold | turns events into a *view* | 9 µs |

1. A writer appends its events with \`append(batch)\` and waits until they are on disk.
2. Followers hear of them afterwards, never before, and read from where they stand.
   - one that keeps up reads from memory,
   - one that is behind reads pages from the file.
3. A reader that lost its connection comes back with its cursor and misses nothing.

\`\`\`ts
export async function follow(log: Log, cursor: number, take: (event: Event) => void) {
  for await (const event of log.after(cursor)) {
    // Twice is once: an event at or below the cursor changes nothing.
    if (event.seq <= cursor) continue;
    take(event);
    cursor = event.seq;
  }
}
\`\`\`

> Order is the sequence, never the time: a clock may jump, a sequence does not.

Durations are measured with the monotonic clock, and the [time of day](https://example.com/time) is for people. When a machine
wakes up, timers start anew, so that nobody is called dead for the time in which they could not be heard.

`;

/** About four characters each, as models cut them. */
export const tokens: readonly string[] = text.match(/\s*\S{1,5}/g)!;
