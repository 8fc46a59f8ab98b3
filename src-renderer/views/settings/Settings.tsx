import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { settingsHref } from '../../state/route.ts';
import { useApp, useRoster, useTitle } from '../../state/use.ts';
import { arrowKeys } from '../../ui/arrow-keys.ts';
import { focusHome } from '../../ui/home.ts';
import { standing } from './providers/words.ts';
import { sectionNames } from './section-names.ts';
import { sections } from './sections.ts';
import './settings.css';

/** What can be set, by section at the left; the address names the section, and one thing in it. */
export function Settings() {
  const app = useApp();
  const route = useStore(app.route);
  const wanted = route.view === 'settings' ? route.section : null;
  const item = route.view === 'settings' ? route.item : null;
  const { id: current, title } = sectionNames.find(({ id }) => id === wanted) ?? sectionNames[0];
  const Section = sections[current];
  useTitle(title);
  // Who came by keyboard goes on from here.
  useEffect(focusHome, []);
  const names = useRef<HTMLUListElement>(null);
  // Where there is little room the names stand side by side and the one that is shown may be out of sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another one is shown
  useEffect(() => {
    names.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);
  return (
    <div className="settings">
      <nav className="settings-sections" aria-label="Settings" onKeyDown={arrowKeys}>
        <h2>Settings</h2>
        <ul ref={names}>
          {sectionNames.map(({ id, title }) => (
            <li key={id}>
              <a
                className="settings-link inset"
                href={settingsHref(id)}
                aria-current={id === current ? 'page' : undefined}
                data-home={id === current ? true : undefined}
                tabIndex={id === current ? 0 : -1}
              >
                <span className="grow">{title}</span>
                {id === 'providers' && <Down />}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Section key={current} open={item} />
    </div>
  );
}

/** How many providers do not answer. */
function Down() {
  const roster = useRoster();
  const down = roster?.providers.filter((provider) => standing(provider).tone === 'error').length;
  return down ? <span className="settings-note">{down} down</span> : null;
}
