/** What to type to get a new link to the Choragus of this data folder; the usual folder when undefined. */
export function linkCommand(dataDir: string | undefined): string {
  if (dataDir === undefined) return 'npm start link';
  return `npm start link -- --data-dir ${/^[\w./:\\-]+$/.test(dataDir) ? dataDir : JSON.stringify(dataDir)}`;
}
