import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CLOCK_MONOTONIC, which all processes of a machine share. */
export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

/** Megabytes of memory that a process has resident. Linux only. */
export function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  return (pages * 4096) / 1e6;
}

/** Milliseconds that all threads of a process have spent on a processor. Linux only. */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return spent.reduce((sum, each) => sum + each, 0) / 1e6;
}
