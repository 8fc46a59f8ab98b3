import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { uuidv7 } from '#shared/kit/ids.ts';
import { version } from '../package.json';
import { browserClock, browserRandom } from './link/clock.ts';
import { openLink } from './link/link.ts';
import { App } from './state/app.ts';
import { browserFrames, browserVisibility } from './state/browser.ts';
import { Frames } from './state/frames.ts';
import { applyAppearance, readAppearance } from './state/preferences.ts';
import { routeOf } from './state/route.ts';
import { browserSaver } from './state/saver.ts';
import { browserStorage } from './state/storage.ts';
import { findThisWindow } from './state/this-window.ts';
import { AppContext } from './state/use.ts';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/error-block.css';
import './ui/float.css';
import { installSprite } from './ui/sprite.ts';
import { Boundary } from './views/shell/Boundary.tsx';
import { Shell } from './views/shell/Shell.tsx';

const storage = browserStorage(() => localStorage);
const thisWindow = await findThisWindow({
  locks: navigator.locks,
  storage: browserStorage(() => sessionStorage),
  newId: () => uuidv7(browserClock.now(), browserRandom),
  patience: () => AbortSignal.timeout(500),
});
const app = new App({
  link: openLink({ version }),
  window: thisWindow,
  route: routeOf(window),
  goTo: (href) => {
    location.hash = href;
  },
  clock: browserClock,
  random: browserRandom,
  storage,
  frames: new Frames(browserFrames(document)),
  visibility: browserVisibility(document),
  saver: browserSaver(window, (ms, run) => void browserClock.after(ms, run)),
});

app.preferences.subscribe((preferences) => applyAppearance(document.documentElement.dataset, preferences));
// Another window of this client may have chosen.
addEventListener('storage', () => app.preferences.setState(readAppearance(storage)));

installSprite(document);
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <AppContext value={app}>
      <Boundary>
        <Shell />
      </Boundary>
    </AppContext>
  </StrictMode>,
);
