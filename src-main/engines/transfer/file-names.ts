/** Names that Windows keeps for devices, whatever the ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;
/** Bytes: file systems take 255, an ending and a number follow. */
const MOST_BYTES = 150;

/** A title as the name of a file, without an ending: one that every file system takes, in no folder. Never empty. */
export function fileName(title: string): string {
  const plain = title
    .toWellFormed()
    .normalize('NFC')
    // Separators and what file systems forbid; what is not seen, or turns a line around.
    .replace(/[<>:"/\\|?*\u0000-\u001f\u007f]/g, ' ')
    .replace(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '')
    .replace(/\s+/gu, ' ');
  const name = cut(plain.trim()).replace(/^[. ]+|[. ]+$/g, '');
  if (name === '') return 'session';
  return reserved.test(name.split('.')[0]!.trim()) ? `session ${name}` : name;
}

const segments = new Intl.Segmenter();

/** At whole characters, as people see them. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  let kept = '';
  let bytes = 0;
  for (const { segment } of segments.segment(text.slice(0, 2 * MOST_BYTES).toWellFormed())) {
    bytes += Buffer.byteLength(segment);
    if (bytes > MOST_BYTES) break;
    kept += segment;
  }
  return kept;
}

/** Names in one folder: each is there once, in any case of letters. */
export class FileNames {
  readonly #taken = new Map<string, number>();

  /** `ending` with its point. */
  of(title: string, ending: string): string {
    const name = fileName(title);
    for (;;) {
      const key = name.toLowerCase();
      const nth = (this.#taken.get(key) ?? 0) + 1;
      this.#taken.set(key, nth);
      const numbered = nth === 1 ? name : `${name} (${nth})`;
      if (nth === 1) return numbered + ending;
      // A title may look like a number that was given.
      if (this.#taken.has(numbered.toLowerCase())) continue;
      this.#taken.set(numbered.toLowerCase(), 1);
      return numbered + ending;
    }
  }
}
