import type { App } from '../../state/app.ts';

/** Lets a person choose files to import. To be called from a click or a key. */
export function pickImports(app: App): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,.zip,application/json,application/zip';
  input.multiple = true;
  input.addEventListener('change', () => void app.transfers.import([...(input.files ?? [])]));
  input.click();
}
