import { shortcutsByPlace } from './shortcuts.ts';
import './shortcut-list.css';

/** Every key that does something, by the place where it works. */
export function ShortcutList({ desktop }: { desktop: boolean }) {
  return (
    <div className="shortcut-list">
      {shortcutsByPlace(desktop).map(({ where, rows }) => (
        <section key={where} aria-label={where}>
          <h3>{where}</h3>
          <dl>
            {rows.map(({ does, keys }) => (
              <div key={does}>
                <dt>{does}</dt>
                <dd>
                  {keys.map((each) => (
                    <kbd key={each}>{each}</kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
