import type { CallParams } from '#shared/contract/contract.ts';
import type { SessionSummary } from '#shared/domain/summary.ts';
import type { App } from '../../../state/app.ts';

type Change = Omit<CallParams<'sessions.arrange'>, 'command' | 'session'>;

/** Where what goes wrong with a session of the list is shown. */
export const placeOf = (session: string) => `rename ${session}`;

export const arrange = (app: App, session: string, change: Change) =>
  app.act(placeOf(session), 'sessions.arrange', { session, ...change });

/** Does it and says so, with the way back: what was done cannot be seen where one looks. */
async function arrangeAndTell(
  app: App,
  { id, arrangement }: Pick<SessionSummary, 'id' | 'arrangement'>,
  change: Change,
  text: string,
): Promise<void> {
  if ((await arrange(app, id, change)) === undefined) return;
  const before = Object.fromEntries(
    Object.keys(change).map((key) => [key, arrangement[key as keyof typeof arrangement]]),
  ) as Change;
  app.toasts.show(text, { label: 'Undo', run: () => void arrange(app, id, before) });
}

export const trash = (app: App, row: Pick<SessionSummary, 'id' | 'arrangement'>) =>
  arrangeAndTell(app, row, { trashed: true }, 'Session moved to the trash');
export const archive = (app: App, row: Pick<SessionSummary, 'id' | 'arrangement'>) =>
  arrangeAndTell(app, row, { archived: true }, 'Session archived');
export const takeBack = (app: App, { id }: Pick<SessionSummary, 'id'>) =>
  arrange(app, id, { trashed: false, archived: false });
