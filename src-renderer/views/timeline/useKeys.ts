import { useEffect } from 'react';
import { pressed } from '../shortcuts.ts';
import type { Stage } from './stage.ts';

const PAN_PX = 120;
const CLOSER = 1.5;
/** They have a use of their own for the keys that begin something. */
const BUSY = 'button:not(.tl-bar, .tl-mark), a, summary, select, [role="option"], [role="menuitem"], [role="radio"]';

/** The keys that work wherever one is in the timeline. */
export function useKeys(stage: Stage): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const run = actionFor(event, stage);
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [stage]);
}

function actionFor(event: KeyboardEvent, stage: Stage): (() => void) | undefined {
  const busy = event.target instanceof Element && event.target.closest(BUSY) !== null;
  if (pressed(event, 'play')) return busy ? undefined : () => stage.play();
  if (pressed(event, 'fit')) return () => stage.setScale('All');
  if (pressed(event, 'live')) return () => stage.followLive();
  if (pressed(event, 'closer')) return () => stage.zoom(CLOSER);
  if (pressed(event, 'farther')) return () => stage.zoom(1 / CLOSER);
  if (pressed(event, 'leaveTurn') && stage.store.getState().selected !== null) return () => stage.select(null);
  const among = event.target === document.body || (event.target instanceof Element && event.target.closest('.tl-area'));
  if (!among) return undefined;
  if (pressed(event, 'panLeft')) return () => stage.pan(-PAN_PX);
  if (pressed(event, 'panRight')) return () => stage.pan(PAN_PX);
  return pressed(event, 'walk') ? () => stage.move(event.key) : undefined;
}
