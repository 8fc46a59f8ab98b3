/** As many as the gateway takes. */
const MOST = 20;

/** Scheme, host and port of a web page whose address was typed or pasted, or why it cannot be added, as a sentence. */
export function originOf(typed: string, listed: readonly string[]): { origin: string } | { problem: string } {
  const text = typed.trim();
  if (text.includes('*')) return { problem: 'Name each origin by itself; * is not taken.' };
  if (!/^https?:\/\//i.test(text)) return { problem: 'An origin begins with https:// or http://.' };
  const url = URL.parse(text);
  if (url === null) return { problem: 'This is no address of a web page.' };
  if (url.username !== '' || url.password !== '') return { problem: 'An origin has no user name and no password.' };
  if (listed.includes(url.origin)) return { problem: `${url.origin} is in the list.` };
  if (listed.length >= MOST) return { problem: `${MOST} are the most. Remove one first.` };
  return { origin: url.origin };
}
