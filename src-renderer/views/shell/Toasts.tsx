import { useStore } from 'zustand';
import { useApp } from '../../state/use.ts';
import { Sign } from '../../ui/Sign.tsx';
import './toasts.css';

/** What one has just done and cannot see, with the way back. */
export function Toasts() {
  const app = useApp();
  const toasts = useStore(app.toasts.store, (now) => now.toasts);
  return (
    <div className="toasts" role="status">
      {toasts.map(({ id, text, action }) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: it only stays while somebody is at it.
        <div
          key={id}
          className="float toast"
          onMouseEnter={() => app.toasts.hold(id)}
          onMouseLeave={() => app.toasts.release(id)}
          onFocus={() => app.toasts.hold(id)}
          onBlur={() => app.toasts.release(id)}
        >
          <Sign name="check" />
          <span className="grow">{text}</span>
          {action !== undefined && (
            <button
              type="button"
              className="button small"
              onClick={() => {
                app.toasts.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="button bare small icon"
            aria-label="Dismiss"
            onClick={() => app.toasts.dismiss(id)}
          >
            <Sign name="close" dense />
          </button>
        </div>
      ))}
    </div>
  );
}
