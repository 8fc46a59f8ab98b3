import { shortcutText } from '../../shortcuts.ts';

/** Stands in the button that saves, and is no part of its name. */
export const SaveKey = () => (
  <span aria-hidden="true">
    <kbd>{shortcutText('save')}</kbd>
  </span>
);
