import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '#shared/kit/ids.ts';
import { Disk, type Left, operations } from './disk.ts';

/** The file in which a program writes down what it promised, one line each. It loses nothing. */
const TOLD = 'told';

const source = join(import.meta.dirname, 'record.c');

/** Compiles the recorder into a folder. Null where there is no C compiler, or it is not this system's. */
export function recorder(folder: string): string | null {
  if (process.platform !== 'linux') return null;
  const library = join(folder, 'record.so');
  const { status } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl', '-lpthread']);
  return status === 0 ? library : null;
}

/** Files below a folder, by their path in it. */
export function filesIn(folder: string): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) {
      const path = join(entry.parentPath, entry.name);
      found.set(path.slice(folder.length + 1), readFileSync(path));
    }
  return found;
}

export interface CutOptions {
  /** From `recorder`. */
  library: string;
  /** Where the program works. */
  dir: string;
  /** An ES module. */
  program: string;
  /** Moments that are looked at, spread over all, besides those at which a name was given or taken. */
  moments: number;
  random: Random;
}

/**
 * Runs a program in a folder, then builds that folder as it would be after a power cut, or a kill, at many moments. `look`
 * is given each, with the lines that were promised by then.
 */
export async function afterEachCut(
  { library, dir, program, moments, random }: CutOptions,
  look: (folder: string, told: string[], moment: string) => Promise<void>,
): Promise<{ operations: number; looks: number }> {
  const place = mkdtempSync(join(tmpdir(), 'choragus-power-'));
  try {
    const base = filesIn(dir);
    const record = join(place, 'record');
    const env = { ...process.env, LD_PRELOAD: library, POWER_DIR: dir, POWER_RECORD: record };
    const file = join(place, 'program.mjs');
    writeFileSync(file, program);
    const run = spawnSync(process.execPath, [file], { env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`The program failed: ${run.stderr}`);
    const all = operations(record);
    const disk = new Disk(base, [TOLD]);
    let looks = 0;
    const every = Math.max(1, Math.floor(all.length / moments));
    for (const [index, operation] of all.entries()) {
      disk.apply(operation);
      const named = operation.kind !== 'write' && operation.kind !== 'truncate' && operation.kind !== 'sync';
      if (!named && index % every !== 0 && index !== all.length - 1) continue;
      const told = disk.text(TOLD).split('\n').slice(0, -1);
      for (const left of ['nothing', 'start', 'some', 'everything'] satisfies Left[]) {
        const folder = mkdtempSync(join(place, 'cut-'));
        disk.cut(folder, left, random);
        await look(folder, told, `after ${index + 1} of ${all.length} operations, ${left} unsynced left`);
        rmSync(folder, { recursive: true });
        looks++;
      }
    }
    return { operations: all.length, looks };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
