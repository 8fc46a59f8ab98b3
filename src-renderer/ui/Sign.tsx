import type { Look } from '#shared/domain/things.ts';

/** Colour and glyph of a specialist, or the sign of a plain model. Decorative: the name stands beside it. */
export function Glyph({ look, dense = false }: { look: Look | undefined; dense?: boolean }) {
  return (
    <svg className={`sign of${dense ? ' dense' : ''}`} data-sp={look?.colour} aria-hidden="true">
      <use href={look === undefined ? '#i-model' : `#g-${look.glyph}`} />
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
export function Running({ look, label }: { look?: Look | undefined; label?: string }) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <span className="running" data-sp={look?.colour} {...named}>
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
