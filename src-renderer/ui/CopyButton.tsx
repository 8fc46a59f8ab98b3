import { useEffect, useState } from 'react';
import { copy } from './clipboard.ts';
import { Sign } from './Sign.tsx';

const SHOWN_MS = 1500;

/** Copies and says so in its own place. The text is asked for when it is needed. */
export function CopyButton({ text, what }: { text: () => string; what: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      className="button bare small"
      aria-label={copied ? 'Copied' : `Copy ${what}`}
      onClick={() => void copy(text()).then(() => setCopied(true))}
    >
      <Sign name={copied ? 'check' : 'copy'} dense />
      {copied ? 'Copied' : 'Copy'}
    </button>
  );
}
