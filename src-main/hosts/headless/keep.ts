import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Job } from '#shared/domain/jobs.ts';
import { Problem } from '#shared/domain/problem.ts';
import { openClient } from '../../client/client.ts';
import { givenToken, readAccessKeys } from '../../gateway/access.ts';
import { BackupFolder, logFile, restoringFile } from '../../log/backups.ts';
import { lastOwner, takeOwnership } from '../../log/lock.ts';
import { putPrepared } from '../../log/restore.ts';
import { storageProblem } from '../../log/storage.ts';
import { copyLog } from '../../log/worker/backup.ts';
import { checkLog } from '../../log/worker/check.ts';
import { prepareCopy } from '../../log/worker/prepare.ts';
import { accessFile } from '../data-folder.ts';
import type { Command } from './args.ts';

export type KeepCommand =
  | { name: 'backups' | 'backup' | 'check'; dataDir: string | undefined }
  | Extract<Command, { name: 'restore' }>;

export interface KeepOptions {
  dataDir: string;
  env: Record<string, string | undefined>;
  version: string;
  print(line: string): void;
}

const work = { progress() {}, signal: new AbortController().signal };

/** Backups and checks by command: in the data folder itself, or by the Choragus that runs with it. False: damage was found. */
export async function keepCommand(command: KeepCommand, options: KeepOptions): Promise<boolean> {
  const { dataDir, print } = options;
  if (!existsSync(dataDir) || (command.name !== 'restore' && !existsSync(logFile(dataDir))))
    throw new Problem(
      'NOT_FOUND',
      `There are no conversations in ${dataDir}.`,
      'Name the data folder with --data-dir.',
    );
  if (command.name === 'backups') {
    list(new BackupFolder(dataDir), print);
    return true;
  }
  const ownership = owned(dataDir);
  if (ownership === undefined) return ask(command, options);
  try {
    return await here(command, options);
  } catch (error) {
    throw storageProblem(error, dataDir, () => new BackupFolder(dataDir).newestWhole()?.file);
  } finally {
    ownership.release();
  }
}

function list(folder: BackupFolder, print: KeepOptions['print']): void {
  const backups = folder.list();
  if (backups.length === 0) print(`There are no backups in ${folder.folder} yet. Make one: choragus backup.`);
  const width = Math.max(...backups.map(({ file }) => file.length));
  for (const { file, bytes, at, reason } of backups)
    print(`${file.padEnd(width)}  ${size(bytes).padStart(9)}  ${new Date(at).toISOString().slice(0, 16)}Z  ${reason}`);
}

/** Nobody else has the folder. */
async function here(command: KeepCommand, { dataDir, print }: KeepOptions): Promise<boolean> {
  const folder = new BackupFolder(dataDir);
  folder.tidy();
  if (command.name === 'check') return findings(await checkLog(logFile(dataDir), work), print);
  if (command.name === 'backup') {
    const file = folder.next('asked', Date.now());
    await copyLog(logFile(dataDir), file, work);
    print(`The backup is ${file}.`);
    return true;
  }
  if (command.name !== 'restore') return true;
  const { file } = command;
  const named = join(folder.folder, basename(file));
  const source = file === basename(file) && existsSync(named) ? named : resolve(file);
  prepareCopy(source, restoringFile(dataDir));
  const { backup, setAside } = putPrepared(dataDir, Date.now());
  print(`${source} was restored.`);
  if (backup !== null) print(`What was there before is the backup ${backup}.`);
  if (setAside !== null) print(`What was there before could not be read; it was set aside as ${setAside}.`);
  return true;
}

/** By the Choragus that runs with the folder. */
async function ask(command: KeepCommand, { dataDir, env, version, print }: KeepOptions): Promise<boolean> {
  const address = lastOwner(dataDir)?.address;
  const token = givenToken(env.CHORAGUS_TOKEN) ?? readAccessKeys(accessFile(dataDir), () => {})?.token;
  // The certificate of a gateway that others reach may be signed by nobody that this computer knows.
  if (address === undefined || token === undefined || address.startsWith('https:'))
    throw new Problem(
      'BUSY',
      `A Choragus is running with the data folder ${dataDir}, and cannot be asked from here.`,
      'Do it in its Settings under Data, or end it first.',
    );
  const client = openClient({ url: address, token, name: 'choragus', version });
  try {
    if (command.name === 'restore') {
      await client.call('data.restore', { file: command.file });
      print(`${command.file} is being restored by the Choragus at ${address}; what was there becomes a backup.`);
      return true;
    }
    const { job } = await client.call(command.name === 'backup' ? 'data.backup' : 'data.check', {});
    const { state, about, problem, result } = await ended(client, job);
    if (problem !== null) throw new Problem(problem.code, problem.message, problem.next);
    if (state !== 'done') throw new Problem('STOPPED', 'Somebody cancelled it.', 'Try again.');
    if (command.name === 'check') return findings(result?.notes ?? [], print);
    print(`The backup is ${join(new BackupFolder(dataDir).folder, about)}.`);
    return true;
  } finally {
    client.close();
  }
}

function ended(client: ReturnType<typeof openClient>, id: string): Promise<Job> {
  const { promise, resolve: found, reject } = Promise.withResolvers<Job>();
  const follow = client.follow(
    'jobs.follow',
    () => ({}),
    (items) => {
      const job = items.at(-1)?.jobs.find((each) => each.id === id);
      if (job !== undefined && job.state !== 'running') found(job);
    },
    { onProblem: reject },
  );
  return promise.finally(() => follow.close());
}

function findings(found: readonly string[], print: KeepOptions['print']): boolean {
  for (const finding of found) print(finding);
  print(found.length === 0 ? 'Everything is whole.' : 'Restore the newest backup: choragus backups lists them.');
  return found.length === 0;
}

/** Undefined while another process owns the folder. */
function owned(dataDir: string) {
  try {
    return takeOwnership(dataDir, { pid: process.pid, startedAt: Date.now() });
  } catch (error) {
    if (error instanceof Problem && error.code === 'BUSY') return undefined;
    throw error;
  }
}

const size = (bytes: number) =>
  bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
