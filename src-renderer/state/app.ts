import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type CallName, type CallParams, type CallResult, calls, type StreamItem } from '#shared/contract/contract.ts';
import type { Scope } from '#shared/domain/gateway.ts';
import { Problem, type ProblemBody } from '#shared/domain/problem.ts';
import type { Target } from '#shared/domain/things.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import type { Client, ClientState } from '#shared/wire/client.ts';
import type { Keep, KeptCommand } from '#shared/wire/kept.ts';
import type { Link } from '../link/link.ts';
import type { Visibility } from './browser.ts';
import { FollowedConnections } from './connections.ts';
import { Drafts } from './drafts.ts';
import type { Frames } from './frames.ts';
import { FollowedJobs } from './jobs.ts';
import { FollowedNotices } from './notices.ts';
import { OpenSessions } from './open.ts';
import { hasArrived, Outbox } from './outbox.ts';
import { type Preferences, preferencesIn } from './preferences.ts';
import { FollowedPresence } from './presence.ts';
import { ProviderTests } from './provider-tests.ts';
import { FollowedRoster } from './roster.ts';
import { type Route, sessionHref, sessionOf, settingsHref, timelineHref } from './route.ts';
import type { Saver } from './saver.ts';
import { Search } from './search.ts';
import { Sessions } from './sessions.ts';
import type { KeyValue } from './storage.ts';
import type { ThisWindow } from './this-window.ts';
import { FollowedTimelines } from './timeline/follow.ts';
import { Texts } from './timeline/texts.ts';
import { Toasts } from './toasts.ts';
import { Transfers } from './transfers.ts';
import { Unsaved } from './unsaved.ts';
import { type Visited, visit } from './visited.ts';

export interface AppOptions {
  link: Pick<Link, 'client' | 'state' | 'onState' | 'onKept' | 'onUnkept'>;
  route: StoreApi<Route>;
  goTo(href: string): void;
  clock: Clock;
  random: Random;
  storage: KeyValue;
  window: ThisWindow;
  frames: Frames;
  visibility: Visibility;
  saver: Saver;
}

/** What is kept with a command that is no message. */
const About = z.object({ place: z.string() });

export type DialogName = 'models' | 'commands' | 'search' | 'switch' | 'shortcuts' | 'export';

export interface Connection {
  state: ClientState;
  hello: Client['hello'];
}

/** Calls that are no commands. */
export type QueryName = { [M in CallName]: CallParams<M> extends { command: string } ? never : M }[CallName];
export type CommandName = { [M in CallName]: CallParams<M> extends { command: string } ? M : never }[CallName];
/** An access token that was made here, which nobody can tell again. */
export type MadeToken = CallResult<'gateway.addToken'> & { name: string; scopes: readonly Scope[] };
export type HostAsk = StreamItem<'host.follow'>['ask'];
export const wishKey = (place: string, method: CommandName) => `${place} ${method}`;
/** The draft of a conversation that has not begun. */
export const NEW = 'new';

/** Everything that one window knows and can do; made once, read through its stores. */
export class App {
  readonly connection: StoreApi<Connection>;
  readonly roster: FollowedRoster['store'];
  readonly sessions: Sessions;
  readonly search: Search;
  readonly toasts: Toasts;
  readonly open: OpenSessions;
  readonly presence: FollowedPresence;
  readonly connections: FollowedConnections;
  readonly jobs: FollowedJobs;
  readonly notices: FollowedNotices;
  readonly timelines: FollowedTimelines;
  /** Of turns that a timeline shows. */
  readonly texts: Texts;
  readonly transfers: Transfers;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  /** What stands in forms and is not saved. */
  readonly unsaved: Unsaved;
  readonly tests: ProviderTests;
  readonly preferences: StoreApi<Preferences>;
  readonly route: StoreApi<Route>;
  readonly visited: StoreApi<{ sessions: Visited }>;
  /** What went wrong with the last command, by the place where it is to be shown. */
  readonly troubles: StoreApi<Readonly<Record<string, ProblemBody>>> = createStore(() => ({}));
  /** What the newest command under way asks for, by place and method: a window shows what was done in it at once. */
  readonly wishes: StoreApi<Readonly<Record<string, object>>> = createStore(() => ({}));
  /** What a screen reader is to be told; `nth` counts, so that the same words are news again. */
  readonly said: StoreApi<{ text: string; nth: number }> = createStore(() => ({ text: '', nth: 0 }));
  /** Not put away yet, the newest first; kept in the memory of this window alone. */
  readonly madeTokens: StoreApi<readonly MadeToken[]> = createStore(() => []);
  readonly dialog: StoreApi<{ open: DialogName | null }> = createStore(() => ({ open: null }));
  readonly clock: Clock;
  readonly #random: Random;
  readonly #client: Client;
  readonly #roster: FollowedRoster;
  readonly #goTo: (href: string) => void;
  readonly #frames: Frames;
  #noRoom: { message: string; next?: string } | undefined;
  /** The newest command under way, by place and method. */
  readonly #underWay = new Map<string, { asked: string; result: Promise<unknown> }>();

  constructor({ link, route, goTo, clock, random, storage, window, frames, visibility, saver }: AppOptions) {
    const { client } = link;
    this.#client = client;
    this.clock = clock;
    this.#random = random;
    this.route = route;
    this.visited = createStore(() => ({ sessions: visit([], sessionOf(route.getState())) }));
    route.subscribe((next) =>
      this.visited.setState(({ sessions }) => ({ sessions: visit(sessions, sessionOf(next)) })),
    );
    this.#goTo = goTo;
    this.#frames = frames;
    this.connection = createStore<Connection>(() => ({ state: link.state, hello: client.hello }));
    this.drafts = new Drafts(storage, window);
    this.unsaved = new Unsaved(storage);
    this.tests = new ProviderTests((params) => client.call('providers.test', params), clock);
    this.preferences = preferencesIn(storage);
    const after = (ms: number, run: () => void) => clock.after(ms, run);
    this.toasts = new Toasts(after);
    this.outbox = new Outbox({ client, newId: () => this.newId() });
    this.open = new OpenSessions({
      client,
      frames,
      after,
      changed: (view) => this.outbox.arrived((each) => each.session === view.id && hasArrived(view, each)),
    });
    this.presence = new FollowedPresence(client);
    this.connections = new FollowedConnections(client);
    this.jobs = new FollowedJobs(client);
    this.notices = new FollowedNotices(client);
    this.timelines = new FollowedTimelines({ client, frames, clock });
    this.texts = new Texts(client);
    this.transfers = new Transfers({
      client,
      ended: (job) => this.jobs.ended(job),
      saver,
      newId: () => this.newId(),
      trouble: (place, problem) => {
        if (problem === null) this.forgive(place);
        else this.troubles.setState({ [place]: problem });
      },
    });
    this.sessions = new Sessions(client, frames);
    this.search = new Search((params) => client.call('search.find', params, { retry: true }), clock);
    this.#roster = new FollowedRoster({ client, visibility, after });
    this.roster = this.#roster.store;
    link.onState((state) => this.#connectionChanged(state));
    link.onKept((command, outcome) => this.#found(command, outcome));
    link.onUnkept((problem) => this.#unkept(problem));
  }

  newId(): string {
    return uuidv7(this.clock.now(), this.#random);
  }

  retryNow(): void {
    this.#client.retryNow();
  }

  goTo(session: string | null, node: string | null = null): void {
    this.#goTo(sessionHref(session, node));
  }

  goToTimeline(session: string | null, seq: number | null = null): void {
    this.#goTo(timelineHref(session, seq));
  }

  goToSettings(section: string | null = null, item: string | null = null): void {
    this.#goTo(settingsHref(section, item));
  }

  connectModel(): void {
    this.dialog.setState({ open: 'models' });
  }

  /** Follows the roster anew after the follow was refused. */
  followRoster(): void {
    this.#roster.again();
  }

  /** Goes where a conversation with somebody begins; what stands there unsent stays. */
  begin(to: Target): void {
    this.drafts.write(NEW, { to });
    this.goTo(null);
  }

  /** Hears what the menus of a desktop ask of this window. Returns the function that ends it. */
  followHost(heed: (ask: HostAsk) => void): () => void {
    const follow = this.#client.follow(
      'host.follow',
      () => ({}),
      (items) => {
        for (const { ask } of items) heed(ask);
      },
    );
    return () => follow.close();
  }

  say(text: string): void {
    this.said.setState(({ nth }) => ({ text, nth: nth + 1 }));
  }

  /** Sends a message; `session: null` begins a conversation with it and shows it. */
  send(wish: { session: string | null; text: string; to: Target; whileRunning: 'queue' | 'steer' }): void {
    const { text, to, whileRunning } = wish;
    const session = wish.session ?? this.newId();
    this.drafts.clear(wish.session ?? NEW);
    this.preferences.setState({ target: to });
    this.outbox.add({ ...this.#outgoing(session, text, to), whileRunning, begins: wish.session === null });
    if (wish.session === null) this.goTo(session);
  }

  /** Sends other words for a message that was sent. */
  reword(session: string, replaces: string, text: string, to: Target): void {
    this.outbox.add({ ...this.#outgoing(session, text, to), replaces, whileRunning: 'steer', begins: false });
  }

  /** A refused or unsent message goes back to the composer, in front of what stands there. */
  takeBack(message: string): void {
    const taken = this.outbox.take(message);
    if (taken === undefined) return;
    this.#giveBack(taken.begins ? NEW : taken.session, taken.text, taken.to);
    if (taken.begins) this.goTo(null);
  }

  /**
   * Gives one command. What goes wrong is shown at `place`, and undefined is returned. One that asks for the same as the
   * newest one under way there is that one; every other one is given, so the last wish is the one that counts.
   */
  act<M extends CommandName>(
    place: string,
    method: M,
    params: Omit<CallParams<M>, 'command'>,
  ): Promise<CallResult<M> | undefined> {
    const key = wishKey(place, method);
    const asked = JSON.stringify(params);
    const newest = this.#underWay.get(key);
    if (newest?.asked === asked) return newest.result as Promise<CallResult<M> | undefined>;
    const command = { ...params, command: this.newId() } as unknown as CallParams<M>;
    const result = this.#give(place, method, command, { about: { place } satisfies z.infer<typeof About> });
    const given = { asked, result };
    this.#underWay.set(key, given);
    this.wishes.setState({ [key]: params });
    void result.then(() => {
      if (this.#underWay.get(key) === given) this.#underWay.delete(key);
      // With the frame that shows what came of it.
      this.#frames.request(() => this.#grant(key, params));
    });
    return result;
  }

  #grant(key: string, wish: object): void {
    const { [key]: newest, ...rest } = this.wishes.getState();
    if (newest === wish) this.wishes.setState(rest, true);
  }

  /** Asks for what is no command. Rejects with a Problem. */
  async ask<M extends QueryName>(method: M, params: CallParams<M>): Promise<CallResult<M>> {
    return await this.#client.call(method, params as never);
  }

  /** The same; what goes wrong is shown at `place`, and undefined is returned. */
  try<M extends QueryName>(place: string, method: M, params: CallParams<M>): Promise<CallResult<M> | undefined> {
    return this.#give(place, method, params);
  }

  async #give<M extends CallName>(
    place: string,
    method: M,
    params: CallParams<M>,
    keep?: Keep,
  ): Promise<CallResult<M> | undefined> {
    this.forgive(place);
    try {
      return await this.#client.call(method, params as never, keep && { keep });
    } catch (error) {
      this.troubles.setState({ [place]: Problem.of(error).toBody() });
      return undefined;
    }
  }

  forgive(place: string): void {
    const { [place]: _, ...rest } = this.troubles.getState();
    this.troubles.setState(rest, true);
  }

  /** A command that an earlier page gave: what goes wrong with it is told where it was given. */
  #found(command: KeptCommand, outcome: Promise<unknown>): void {
    if (this.outbox.found(command, outcome)) return;
    outcome.catch((error) => {
      const problem = Problem.of(error);
      if (problem.code === 'DISCONNECTED') return;
      const place = About.safeParse(command.keep?.about).data?.place;
      if (place !== undefined) this.troubles.setState({ [place]: problem.toBody() });
      // Its text would be nowhere else.
      const edit = calls['queue.edit'].params.safeParse(command.params).data;
      if (command.method === 'queue.edit' && edit !== undefined) this.#giveBack(edit.session, edit.text, edit.to);
    });
  }

  /** In front of what stands there. */
  #giveBack(draft: string, text: string, to: Target): void {
    const there = this.drafts.get(draft).text;
    this.drafts.write(draft, { text: there === '' ? text : `${text}\n\n${there}`, to });
  }

  #unkept({ message, next }: Problem): void {
    this.#noRoom = next === undefined ? { message } : { message, next };
    this.#showConnection(this.connection.getState().state);
  }

  /** What is wrong with this browser stands with what the server has to say. */
  #showConnection(state: ClientState): void {
    const { hello } = this.#client;
    const notices = this.#noRoom === undefined ? [] : [this.#noRoom];
    this.connection.setState({ state, hello: hello && { ...hello, notices: [...hello.notices, ...notices] } });
  }

  #outgoing(session: string, text: string, to: Target) {
    return { session, message: this.newId(), text, to, at: this.clock.now() };
  }

  #connectionChanged(state: ClientState): void {
    const before = this.connection.getState().state.kind;
    this.#showConnection(state);
    if (state.kind === before) return;
    if (state.kind === 'connected') {
      if (before === 'reconnecting') this.say('Connected again.');
    } else if (state.kind === 'reconnecting') this.say('The connection is lost. What you write is kept.');
  }
}
