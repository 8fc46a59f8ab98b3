import { join } from 'node:path';
import { type CallName, type CallResult, calls, type StreamName, streams } from '#shared/contract/contract.ts';
import { opens } from '#shared/contract/scopes.ts';
import type { ConnectionKind } from '#shared/domain/connections.ts';
import type { Scope } from '#shared/domain/gateway.ts';
import { Problem } from '#shared/domain/problem.ts';
import type { Roster as RosterView } from '#shared/domain/summary.ts';
import type { Clock } from '#shared/kit/clock.ts';
import { type Random, uuidv7 } from '#shared/kit/ids.ts';
import { type Peer, serve } from '#shared/wire/peer.ts';
import type { Pipe } from '#shared/wire/pipe.ts';
import type { Source } from '#shared/wire/source.ts';
import type { Handlers } from '#shared/wire/table.ts';
import { type App, appCalls } from './api/app.ts';
import { branchCalls } from './api/branches.ts';
import { Commands } from './api/commands.ts';
import { connectionCalls, connectionStreams } from './api/connections.ts';
import { contextCalls } from './api/context.ts';
import { dataCalls } from './api/data.ts';
import { type Direct, direct } from './api/direct.ts';
import { fileCalls } from './api/files.ts';
import { type GatewayControl, gatewayCalls } from './api/gateway.ts';
import type { CallHandlers, StreamHandlers } from './api/handlers.ts';
import { type HostAsks, hostStreams } from './api/host.ts';
import { jobCalls, jobStreams } from './api/jobs.ts';
import { keepingCalls } from './api/keeping.ts';
import { Owned, ownCalls, ownStreams } from './api/owned.ts';
import { providerCalls, providerStreams } from './api/providers.ts';
import { searchCalls } from './api/search.ts';
import { sentCalls } from './api/sent.ts';
import { sessionCalls, sessionStreams } from './api/sessions.ts';
import { specialistCalls } from './api/specialists.ts';
import { timelineCalls, timelineStreams } from './api/timeline.ts';
import { topicStreams } from './api/topics.ts';
import { transferCalls } from './api/transfer.ts';
import type { Config } from './config/config.ts';
import type { SecretStore } from './config/secrets.ts';
import { type Connection, Connections } from './engines/connections/connections.ts';
import { Casting } from './engines/discovery/casting.ts';
import { Found } from './engines/discovery/found.ts';
import { Ledger } from './engines/discovery/ledger.ts';
import { localServices } from './engines/discovery/local-services.ts';
import { Lookout } from './engines/discovery/lookout.ts';
import { providerMaker } from './engines/discovery/make.ts';
import { Providers } from './engines/discovery/providers.ts';
import { Registry } from './engines/discovery/registry.ts';
import { Roster } from './engines/discovery/roster.ts';
import { shippedSpecialists } from './engines/discovery/specialists.ts';
import { Trials } from './engines/discovery/trial.ts';
import { Jobs } from './engines/jobs/jobs.ts';
import { Backups } from './engines/keeping/backups.ts';
import { Keeper } from './engines/keeping/keeper.ts';
import { Notices } from './engines/keeping/notices.ts';
import { Retention } from './engines/keeping/retention.ts';
import { Rules } from './engines/keeping/rules.ts';
import { CompletionExpiry } from './engines/session/completion-expiry.ts';
import { abandon, fill, finish } from './engines/session/filling.ts';
import { Folders } from './engines/session/folders.ts';
import { Forks } from './engines/session/fork.ts';
import { Sessions } from './engines/session/sessions.ts';
import { Trash } from './engines/session/trash.ts';
import { SentRequests } from './engines/session/window/sent.ts';
import { Summarizer } from './engines/session/window/summarizer.ts';
import { Tokenizers } from './engines/session/window/tokenizers.ts';
import { Tokens } from './engines/session/window/tokens.ts';
import { Windows } from './engines/session/window/windows.ts';
import { askOnce } from './engines/streaming/ask-once.ts';
import { Completions } from './engines/streaming/completions.ts';
import { Turns } from './engines/streaming/turns.ts';
import { Exports } from './engines/transfer/exports.ts';
import { Files } from './engines/transfer/files.ts';
import { Imports } from './engines/transfer/imports.ts';
import { BackupFolder, setAsideBytes } from './log/backups.ts';
import { openLog } from './log/open.ts';
import type { Logger } from './observability/logger.ts';
import { createProvider, type ProviderDeclaration } from './providers/create.ts';
import type { Http } from './providers/http.ts';
import { Workroom } from './providers/offline/workroom.ts';

export interface ComposeOptions {
  dataDir: string;
  clock: Clock;
  random: Random;
  http: Http;
  secrets: SecretStore;
  config: Config;
  logger: Logger;
  version: string;
  app: App;
  gateway: GatewayControl;
  /** What the menus of a desktop ask of its windows. */
  asks?: HostAsks;
  /** What happened before this start that the user should know. */
  notices?: { message: string; next?: string }[];
  /** Puts the backup that lies ready in the place of the log and opens all anew, soon. Absent: nobody can. */
  restore?: (backup: string) => void;
  /** Where the log's worker lies, and that of the offline models beside it, when they are built. */
  workerFile?: URL;
  /** When what was gathered is committed; at the end of this turn of the event loop if absent. */
  endOfTurn?: (commit: () => void) => void;
}

/** Who asks. */
export interface Caller {
  kind: ConnectionKind;
  /** Where from; of a window of the desktop, the name under which its menus ask it. */
  address: string;
  /** The access token of its own by which a program came in; null for the user. */
  token: { id: string; name: string } | null;
  /** What that token opens; `user` opens everything. */
  scopes: readonly Scope[] | 'user';
  /** The desktop whose window it is; null for a browser or a program. */
  host: CallResult<'server.hello'>['host'];
  /** Counts what is asked by its socket; `spend` throws RATE_LIMITED. */
  budget?: { spend(): void };
}

/** A caller whose dialect is spoken elsewhere, such as one HTTP request or a socket of the old dialect. */
export interface Guest extends Direct {
  /** How it stands in the list of connections. */
  readonly connection: Connection;
  /** Aborts when it was closed in Settings, by its token's end, or by `leave`. */
  readonly signal: AbortSignal;
  /** It is gone: its follows end, its turns run on. */
  leave(): void;
}

export interface Choragus {
  /** Serves one client until its pipe closes. */
  connect(pipe: Pipe, who: Caller): Connection;
  /**
   * Lets a caller ask without a pipe. `waiting`: bytes that wait for it. Throws LIMIT where there are too many
   * connections.
   */
  admit(who: Caller, client: { name: string; version: string }, waiting: () => number): Guest;
  readonly connections: Connections;
  readonly completions: Completions;
  /** Specialists, providers and models as they are now. */
  roster(): RosterView;
  /** What happened that the user should know, at this start and since. */
  readonly notices: { message: string; next?: string }[];
  /** Turns running now. */
  readonly running: number;
  /** Lets running turns go on for `drainMs`, leaves the rest interrupted, closes every pipe and the log. */
  close(options?: { drainMs?: number }): Promise<void>;
}

/** Builds and joins all engines. The only place that knows them all; knows neither Electron nor HTTP servers. */
export async function compose(options: ComposeOptions): Promise<Choragus> {
  const { clock, random, config, logger, secrets } = options;
  const newId = () => uuidv7(clock.now(), random);
  let tell: (problem: Problem | null) => void = () => {};
  const log = openLog({
    writing: (problem) => tell(problem),
    dir: options.dataDir,
    clock,
    random,
    logger,
    ...(options.workerFile === undefined ? {} : { workerFile: options.workerFile }),
    ...(options.endOfTurn === undefined ? {} : { endOfTurn: options.endOfTurn }),
  });

  const notices = new Notices([...log.notices, ...(options.notices ?? [])]);
  tell = (problem) => notices.writing(problem);
  const store = new BackupFolder(options.dataDir);

  const workroom = new Workroom(
    options.workerFile === undefined
      ? new URL('./providers/offline/worker.ts', import.meta.url)
      : new URL('offline-worker.js', options.workerFile),
    clock,
  );
  const create = (declaration: ProviderDeclaration, key: () => Promise<string | undefined>) =>
    createProvider(declaration, {
      http: options.http,
      clock,
      random,
      key,
      search: (query, search) => log.search(query, search),
      workroom,
    });
  const noKey = async () => undefined;
  const keyless = new Set(['offline']);
  const providers = new Providers(clock);
  const roster = new Roster({
    specialists: shippedSpecialists(config.specialists),
    providers,
    keyState: (id) => (keyless.has(id) ? 'none' : secrets.state(id)),
    lookFor: (id) => lookout.lookFor(id),
  });
  providers.add(create({ id: 'offline', kind: 'offline', name: 'Offline models' }, noKey), { origin: 'built-in' });
  for (const { models, ...declared } of config.providers) {
    const declaration = { ...declared, name: declared.name ?? declared.id };
    // Without a key of its own it gets none, whatever the store has under this id.
    const keyed = 'key' in declared && declared.key !== undefined;
    if (!keyed) keyless.add(declared.id);
    const key = keyed ? async () => (await secrets.get(declared.id)) ?? undefined : noKey;
    providers.add(create(declaration, key), { origin: 'config', models });
  }
  const services = config.localServices === false ? [] : localServices(options.http, config.localServices);
  const ledger = new Ledger(log);
  const make = providerMaker({ ledger, secrets, create });
  const found = new Found({ ledger, providers, make, services, isChosen: (id) => roster.isChosen(id) });
  const look = () => void lookout.look();
  const registry = new Registry({ ledger, providers, secrets, make, found, look, logger });
  const casting = new Casting({ ledger, roster, changed: () => found.settle() });
  const lookout = new Lookout({
    services,
    clock,
    mayLookFor: (id) => found.mayLookFor(id),
    seen: (service, offer) => found.seen(service, offer),
    logger,
  });
  const trials = new Trials(providers, clock);
  const jobs = new Jobs({ clock, newId, logger });

  const running = { log, clock, random, logger, limits: config.limits, observations: registry };
  const turns = new Turns(running);
  const completions = new Completions(roster, running);
  const tokenizers = new Tokenizers(
    options.workerFile === undefined
      ? new URL('./engines/session/window/tokenizer-worker.ts', import.meta.url)
      : new URL('tokenizer-worker.js', options.workerFile),
    clock,
  );
  const tokens = new Tokens(tokenizers, clock);
  const windows = new Windows({ log, directory: roster, tokens, newId, logger });
  const sessions = new Sessions({ log, directory: roster, turns, windows, newId, now: () => clock.now(), logger });
  const sentRequests = new SentRequests(log, tokens);
  sessions.deleted.on((session) => {
    windows.forget(session);
    sentRequests.forget(session);
  });
  const summarizer = new Summarizer({
    ...{ log, directory: roster, windows, newId, logger },
    ask: askOnce(completions, 'summary'),
    keep: (session, summary) => sessions.summarized(session, summary),
  });
  const folders = new Folders({ log, sessions });
  const trash = new Trash({ log, sessions, jobs });
  const forks = new Forks({ log, jobs, newId, now: () => clock.now() });
  const files = new Files({ folder: join(options.dataDir, 'transfer'), clock, newId });
  const thread = {
    file:
      options.workerFile === undefined
        ? new URL('./engines/transfer/worker.ts', import.meta.url)
        : new URL('transfer-worker.js', options.workerFile),
  };
  const imports = new Imports({
    ...{ files, jobs, log, thread },
    filling: {
      fill: (session, batches, signal) => fill(log, session, batches, signal),
      finish: (job) => finish(log, job),
      abandon: (job) => abandon(log, job),
    },
  });
  const exports = new Exports({ files, jobs, log, now: () => clock.now(), thread });
  const expiry = new CompletionExpiry({ log, sessions, clock, logger });
  const rules = new Rules(log);
  const backups = new Backups({ log, store, jobs, clock, logger });
  const retention = new Retention(log, clock);
  const notice = (what: { message: string; next: string }) => notices.add(what);
  const keeper = new Keeper({ log, rules, backups, retention, jobs, sessions, clock, logger, notice });
  let restoring = false;
  const restore = async (file: string) => {
    if (options.restore === undefined)
      throw new Problem('UNSUPPORTED', 'This Choragus cannot restore a backup while it runs.', 'Use choragus restore.');
    if (restoring) throw new Problem('BUSY', 'A backup is being restored already.', 'Try again in a moment.');
    restoring = true;
    try {
      await log.prepare(store.path(file));
    } catch (error) {
      restoring = false;
      throw error;
    }
    options.restore(file);
  };
  const leave = turns.ended.on(({ session, state }) => {
    sessions.turnEnded(session, state);
    void summarizer.after(session);
    expiry.arm();
  });

  try {
    store.tidy();
    await ledger.load();
    await rules.load();
    casting.start();
    await registry.start();
  } catch (error) {
    await log.close();
    throw error;
  }
  // Commands wait for it, listening does not.
  sessions.recover().then(
    (interrupted) => {
      if (interrupted > 0) logger.info({ turns: interrupted }, 'Turns that ran at the last end are interrupted.');
    },
    (error: unknown) => logger.error({ error }, 'What ran at the last end could not be looked up.'),
  );
  expiry.arm();
  keeper.start();
  // Nobody but the first specialist waits for it; each answer changes the roster.
  roster.firstLook(Promise.all([providers.checkAll(), lookout.look()]));

  const commands = new Commands(log);
  const connections = new Connections({ clock, newId, most: config.limits.connections });
  const callHandlers: Omit<CallHandlers, 'server.hello'> = {
    ...contextCalls(sessions, windows, commands),
    ...sentCalls(sentRequests),
    ...sessionCalls({ log, sessions, folders, trash, commands }),
    ...branchCalls({ log, sessions, forks, commands }),
    ...timelineCalls(log),
    ...searchCalls(log),
    ...providerCalls({ registry, providers, trials, lookout }, commands),
    ...specialistCalls(casting, commands),
    ...appCalls(options.app),
    ...connectionCalls(connections),
    ...gatewayCalls(options.gateway),
    ...jobCalls(jobs),
    ...fileCalls(files),
    ...transferCalls(imports, exports),
    ...keepingCalls(rules, retention, commands),
    ...dataCalls({ log, backups, jobs, setAside: () => setAsideBytes(options.dataDir), restore }),
  };
  const streamHandlers: Omit<
    StreamHandlers,
    'host.follow' | 'connections.follow' | 'session.presence' | 'topics.follow'
  > = {
    ...sessionStreams(log),
    ...timelineStreams(log),
    ...providerStreams(roster, lookout),
    ...jobStreams(jobs),
  };

  const callsFor = (host: Caller['host']): CallHandlers => {
    const { version } = options;
    const hello = async () => ({ version, epoch: log.epoch, host, notices: [...notices.list] });
    return inherit(callHandlers, { 'server.hello': hello });
  };
  const callsFromElsewhere = callsFor(null);
  const owned = new Owned();
  /** By access tokens, of which there are few. */
  const callsOfPrograms = new Map<string, CallHandlers>();
  const callsOf = ({ host, token }: Caller): CallHandlers => {
    if (host !== null) return callsFor(host);
    if (token === null) return callsFromElsewhere;
    let own = callsOfPrograms.get(token.id);
    if (own === undefined) {
      own = inherit(callsFromElsewhere, ownCalls(callsFromElsewhere, owned, token.id));
      callsOfPrograms.set(token.id, own);
    }
    return own;
  };
  const streamsFor = (who: Caller, connection: Connection): StreamHandlers => {
    const { 'session.follow': follow } = streamHandlers;
    const own: Pick<StreamHandlers, 'session.follow'> = {
      // Whoever follows a session has it open; other dialects follow none, they have a look.
      'session.follow': async (params, context) => {
        const source = await follow(params, context);
        const stays = who.kind === 'window' || who.kind === 'rpc';
        return stays ? leaving(source, connection.enter(params.session)) : source;
      },
    };
    return inherit(streamHandlers, {
      ...hostStreams(options.asks, who.address),
      ...connectionStreams(connections, clock, connection),
      ...topicStreams({ log, notices, roster, connections, clock }, opens('connections.follow', who.scopes)),
      ...own,
      ...(who.token !== null && ownStreams(streamHandlers, owned, who.token.id)),
    });
  };
  /** Handlers as one caller has them. Thousands may be connected and idle: what is its own is made when it is asked for. */
  const handlersFor = (who: Caller, connection: Connection): Handlers => {
    let streams: StreamHandlers | undefined;
    return {
      calls: callsOf(who),
      get streams() {
        streams ??= streamsFor(who, connection);
        return streams;
      },
    };
  };

  const pipes = new Set<Pipe>();
  return {
    get notices() {
      return [...notices.list];
    },
    connections,
    completions,
    roster: () => roster.view(),
    get running() {
      return turns.running;
    },
    connect(pipe, who) {
      let peer: Peer | undefined;
      const { kind, token, host } = who;
      const connection = connections.open({
        kind,
        token,
        address: host === null ? who.address : null,
        client: () => peer?.context.client ?? nobody,
        waiting: () => pipe.waiting,
        follows: () => peer?.streams ?? 0,
        close: (reason) => pipe.close(reason),
      });
      const { address } = who;
      pipes.add(pipe);
      logger.info({ address, kind }, 'connected');
      peer = serve(pipe, {
        contract: { calls, streams },
        handlers: handlersFor(who, connection),
        clock,
        allow: (name) => allow(name as CallName, who),
        log: (what, error) => logger.warn(error === undefined ? { address } : { address, error }, what),
        onClose: (reason) => {
          pipes.delete(pipe);
          connection.left();
          logger.info({ address, reason }, 'disconnected');
        },
      });
      return connection;
    },
    admit(who, client, waiting) {
      const gone = new AbortController();
      let follows = 0;
      const connection = connections.open({
        kind: who.kind,
        token: who.token,
        address: who.address,
        client: () => client,
        waiting,
        follows: () => follows,
        close: (reason) => gone.abort(new Problem('DISCONNECTED', reason)),
      });
      const { call, open } = direct(handlersFor(who, connection), client, gone.signal, (name) => allow(name, who));
      return {
        connection,
        signal: gone.signal,
        call,
        async open(stream, params) {
          const source = await open(stream, params);
          follows++;
          return leaving(source, () => follows--);
        },
        leave() {
          connection.left();
          gone.abort(callerGone);
        },
      };
    },
    async close({ drainMs = 0 } = {}) {
      leave();
      expiry.close();
      keeper.close();
      lookout.close();
      await jobs.close();
      await files.close();
      await turns.drain(drainMs);
      summarizer.close();
      tokenizers.close();
      for (const pipe of pipes) pipe.close('The server ends.');
      await log.close();
    },
  };
}

const nobody = { name: 'unknown', version: '' };
/** Made once: every request ends with it, and an error of its own would cost each 20 µs. */
const callerGone = new Problem('DISCONNECTED', 'The caller is gone.');

function allow(name: CallName | StreamName, { scopes, budget }: Caller): void {
  // The greeting belongs to the connection, which was counted, and a ping is no question.
  if (name !== 'server.hello' && name !== 'server.ping') budget?.spend();
  if (opens(name, scopes)) return;
  const what = `This access token does not allow ${name}.`;
  throw new Problem('FORBIDDEN', what, 'Use a token with more scopes; they are made in Settings under Gateway.');
}

/** `own` upon what is the same for everybody, without a copy of that for each connection. */
const inherit = <A extends object, B extends object>(all: A, own: B): A & B => Object.assign(Object.create(all), own);

/** The same source; `left` is called once, when it is closed. */
function leaving<Item>(source: Source<Item>, left: () => void): Source<Item> {
  return {
    pull: (max) => source.pull(max),
    onReady: (ready) => source.onReady(ready),
    close() {
      left();
      source.close();
    },
  };
}
