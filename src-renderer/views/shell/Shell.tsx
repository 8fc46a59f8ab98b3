import { Suspense, useEffect } from 'react';
import { useStore } from 'zustand';
import type { App } from '../../state/app.ts';
import { useApp, useDesktop } from '../../state/use.ts';
import { focusHome } from '../../ui/home.ts';
import { ModelsDialog } from '../models/ModelsDialog.tsx';
import { SearchDialog } from '../search/SearchDialog.tsx';
import { pressed, type ShortcutName } from '../shortcuts.ts';
import { DropFiles } from '../transfer/DropFiles.tsx';
import { ExportDialog } from '../transfer/ExportDialog.tsx';
import { loadAhead, views } from '../views.ts';
import { Boundary } from './Boundary.tsx';
import { Commands } from './Commands.tsx';
import { Notices } from './Notices.tsx';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Switcher } from './Switcher.tsx';
import { TitleBar } from './TitleBar.tsx';
import { Toasts } from './Toasts.tsx';
import './shell.css';

/** When the first view has settled. */
const LOAD_AHEAD_MS = 1000;

const dialogs = {
  models: ModelsDialog,
  commands: Commands,
  search: SearchDialog,
  switch: Switcher,
  shortcuts: ShortcutsDialog,
  export: ExportDialog,
};

/** The frame: views as words above, facts below, what floats in between. */
export function Shell() {
  const app = useApp();
  const dialog = useStore(app.dialog, ({ open }) => open);
  const name = useStore(app.route, ({ view }) => view);
  const { View } = views.find((each) => each.id === name) ?? views[0];
  const Floating = dialog === null ? null : dialogs[dialog];
  const close = () => {
    app.dialog.setState({ open: null });
    // What it led to is on screen then.
    requestAnimationFrame(focusHome);
  };
  useFrameKeys();
  useHost();
  useEffect(() => app.clock.after(LOAD_AHEAD_MS, loadAhead), [app]);
  return (
    <div className="shell">
      <TitleBar />
      <Notices />
      <main className="shell-view">
        <Boundary key={name}>
          <Suspense>
            <View />
          </Suspense>
        </Boundary>
      </main>
      <StatusBar />
      <Said />
      <Toasts />
      <DropFiles />
      {Floating !== null && <Floating onClose={close} />}
    </div>
  );
}

const floating = ['commands', 'search', 'switch', 'shortcuts'] as const;
const anywhere = ['newConversation', 'settings', ...floating] as const satisfies ShortcutName[];

/** The keys that work in every view; those that open something close it, too. */
function useFrameKeys(): void {
  const app = useApp();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const name = event.defaultPrevented ? undefined : anywhere.find((each) => pressed(event, each));
      if (name === undefined) return;
      event.preventDefault();
      if (name === 'newConversation') app.goTo(null);
      else if (name === 'settings') openSettings(app);
      const opened = floating.find((each) => each === name) ?? null;
      app.dialog.setState(({ open }) => ({ open: open === opened ? null : opened }));
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [app]);
}

/** The menus of a desktop ask for the same. */
function useHost(): void {
  const app = useApp();
  const desktop = useDesktop() !== undefined;
  useEffect(() => {
    if (!desktop) return;
    return app.followHost((ask) => {
      if (ask === 'new-conversation') app.goTo(null);
      else if (ask === 'settings') openSettings(app);
      app.dialog.setState({ open: floating.find((each) => each === ask) ?? null });
    });
  }, [app, desktop]);
}

/** Who is there already stays at what is open. */
function openSettings(app: App): void {
  if (app.route.getState().view !== 'settings') app.goToSettings();
}

/** What a screen reader is told: changes of state, never single tokens. */
function Said() {
  const { text, nth } = useStore(useApp().said);
  return (
    <p className="unseen" role="status">
      <span key={nth}>{text}</span>
    </p>
  );
}
