import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../../state/use.ts';
import { ModelsDialog } from '../models/ModelsDialog.tsx';
import { views } from '../views.ts';
import { Boundary } from './Boundary.tsx';
import { Commands } from './Commands.tsx';
import { Notices } from './Notices.tsx';
import { StatusBar } from './StatusBar.tsx';
import { TitleBar } from './TitleBar.tsx';
import './shell.css';

/** The frame: views as words above, facts below, what floats in between. */
export function Shell() {
  const app = useApp();
  const dialog = useStore(app.dialog, ({ open }) => open);
  const name = useStore(app.route, ({ view }) => view);
  const { View } = views.find((each) => each.id === name) ?? views[0];
  const close = () => {
    app.dialog.setState({ open: null });
    requestAnimationFrame(focusComposer);
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
        return;
      event.preventDefault();
      app.dialog.setState(({ open }) => ({ open: open === 'commands' ? null : 'commands' }));
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [app]);
  return (
    <div className="shell">
      <TitleBar />
      <Notices />
      <main className="shell-view">
        <Boundary>
          <View />
        </Boundary>
      </main>
      <StatusBar />
      <Said />
      {dialog === 'models' && <ModelsDialog onClose={close} />}
      {dialog === 'commands' && <Commands onClose={close} />}
    </div>
  );
}

/** When what had the focus before a dialog is gone, writing is what comes next. */
function focusComposer(): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>('.composer-field')?.focus();
}

/** What a screen reader is told: changes of state, never single tokens. */
function Said() {
  const text = useStore(useApp().said, (said) => said.text);
  return (
    <p className="unseen" role="status">
      {text}
    </p>
  );
}
