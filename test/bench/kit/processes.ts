import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const NANOSECONDS_PER_MS = 1e6;

/** Nanoseconds that a thread has run; 0 for one that has ended meanwhile. */
function readThreadNs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch {
    return 0;
  }
}

/**
 * Milliseconds of CPU time that a process has had, all threads together. A busy machine makes the same work take longer,
 * and costs it hardly more of these. Linux only.
 */
export function readCpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + readThreadNs(pid, thread), 0) / NANOSECONDS_PER_MS;
}

/** Real-time priority for a process, so that others that share the cores move its elapsed time less. */
export function prefer(pid: number): void {
  try {
    execFileSync('chrt', ['--all-tasks', '--rr', '--pid', '10', String(pid)], { stdio: 'ignore' });
  } catch {
    // Without the right to do so it is measured as it is: CPU time hardly differs.
  }
}

/** Binds all threads of a process to these cores (`0` or `1-3`). @returns false where the system has no `taskset` */
function bindToCores(pid: number, cores: string): boolean {
  try {
    execFileSync('taskset', ['-acp', cores, String(pid)], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Keeps the servers on one core and this process, which makes the load, on the others while `work` runs: two servers that
 * take turns have the same core, and the load does not take it from them. On one core there is nothing to divide.
 */
export async function withCoresDivided<T>(servers: readonly number[], work: () => Promise<T>): Promise<T> {
  const cores = availableParallelism();
  if (cores < 2 || !bindToCores(process.pid, `1-${cores - 1}`)) return work();
  for (const pid of servers) bindToCores(pid, '0');
  try {
    return await work();
  } finally {
    for (const pid of [process.pid, ...servers]) bindToCores(pid, `0-${cores - 1}`);
  }
}

/** Runs `work` beside a process on each core that computes without pause. */
export async function withBusyLoops<T>(work: () => Promise<T>): Promise<T> {
  const loops = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return await work();
  } finally {
    for (const loop of loops) loop.kill('SIGKILL');
  }
}
