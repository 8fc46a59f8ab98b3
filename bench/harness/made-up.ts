/** Words of which some are frequent and most are rare, as in any language. */
export function writer(random: () => number): (units: number) => string {
  const letters = 'etaoinshrdlucmfwypvbgk';
  const words = Array.from({ length: 6000 }, () =>
    Array.from({ length: 2 + Math.floor(random() * 8) }, () => letters[Math.floor(random() ** 2 * 22)]).join(''),
  );
  return (units) => {
    let text = '';
    while (text.length < units) text += `${words[Math.floor(random() ** 3 * words.length)]} `;
    return text.slice(0, units).trimEnd();
  };
}

export const id = (random: () => number) => {
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c] = [hex(), hex(), hex()];
  return `0199c0de-${a.slice(0, 4)}-7${a.slice(5)}-8${b.slice(5)}-${b.slice(0, 4)}${c}`;
};

/** The same numbers in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
