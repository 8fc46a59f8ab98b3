/** One of the 18 glyphs, or the sign of a plain model. Decorative: the name stands beside it. */
export function Glyph({ of, dense = false }: { of: string | undefined; dense?: boolean }) {
  return (
    <svg className={`sign of${dense ? ' dense' : ''}`} data-sp={of} aria-hidden="true">
      <use href={of === undefined ? '#i-model' : `#g-${of}`} />
    </svg>
  );
}

/** One of the signs of the frame, beside its word or in a button that is named. */
export function Sign({ name, dense = false }: { name: string; dense?: boolean }) {
  return (
    <svg className={dense ? 'sign dense' : 'sign'} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The three bars of something that runs; the word stands beside it, or is its label. */
export function Running({ of, label }: { of?: string | undefined; label?: string }) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <span className="running" data-sp={of} {...named}>
      <i />
      <i />
      <i />
    </span>
  );
}

/** Full: healthy. Half: on the way or degraded. Ring: down. Always beside its word. */
export function Dot({ kind }: { kind: 'full' | 'half' | 'ring' }) {
  return <span className={kind === 'full' ? 'dot' : `dot ${kind}`} aria-hidden="true" />;
}
