import { Sign } from '../../../ui/Sign.tsx';

/** The quiet sign of what is always sent along. */
export const PinnedSign = () => (
  <span className="pinned text-3 small" title="It is always sent along.">
    <Sign name="pin" dense />
    pinned
  </span>
);
