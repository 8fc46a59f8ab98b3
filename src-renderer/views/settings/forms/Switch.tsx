import { useRef, useState } from 'react';
import { useConnected } from '../../../state/use.ts';
import './forms.css';

interface SwitchProps {
  label: string;
  on: boolean;
  /** Resolves when `on` is known to be what was asked for, or not to be. */
  onChange: (on: boolean) => Promise<unknown>;
}

/** On or off, at once: it shows the last wish until that is answered. As it is while there is no connection. */
export function Switch({ label, on, onChange }: SwitchProps) {
  const connected = useConnected();
  const [wish, setWish] = useState<{ on: boolean } | null>(null);
  const newest = useRef(wish);
  const shown = wish?.on ?? on;
  const change = async () => {
    const wished = { on: !shown };
    newest.current = wished;
    setWish(wished);
    await onChange(wished.on);
    if (newest.current === wished) setWish(null);
  };
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={shown}
      aria-label={label}
      aria-disabled={!connected}
      onClick={() => connected && void change()}
    >
      <span />
    </button>
  );
}
