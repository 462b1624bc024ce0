import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Child {
  readonly name: string;
  /** Resolves with the reason when it has ended, for whatever reason. */
  readonly exited: Promise<string>;
  /** Ends it and everything it started; resolves when all of that has ended. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Called with each line that it prints, on either stream. */
  onLine: (line: string) => void;
  /** Whether it waits for others after the first signal to end, and for no other process after the second. */
  waitsForOthers?: boolean;
}

const LEASH = join(import.meta.dirname, 'leash.ts');
const GRACE_MS = 5_000;
const HINT_MS = 500;
const groups = new Set<number>();

// However this process ends, its children end with it.
process.on('exit', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});

/** Whether any process of the group still existed to receive the signal. */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

async function waitForGroupEnd(group: number, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (!signalGroup(group, 0)) return true;
    await sleep(25);
  }
  return false;
}

/** Starts a program in a process group of its own, so that it can be ended together with all it starts. */
export function startChild(options: ChildOptions): Child {
  const { name, command, args, cwd, env, onLine, waitsForOthers = false } = options;
  const supervised = spawn(process.execPath, ['--no-warnings', LEASH, command, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const group = supervised.pid;
  if (group !== undefined) groups.add(group);
  for (const stream of [supervised.stdout, supervised.stderr])
    if (stream) createInterface({ input: stream }).on('line', onLine);
  const exited = new Promise<string>((resolve) => {
    supervised.once('error', (error) => resolve(`could not be started: ${error.message}`));
    supervised.once('exit', (code, signal) =>
      resolve(signal ? `was ended by ${signal}` : `ended with exit code ${code}`),
    );
  });
  return {
    name,
    exited,
    async stop() {
      if (group === undefined) return;
      signalGroup(group, 'SIGTERM');
      if (waitsForOthers && !(await waitForGroupEnd(group, HINT_MS))) signalGroup(group, 'SIGTERM');
      if (!(await waitForGroupEnd(group, GRACE_MS))) {
        signalGroup(group, 'SIGKILL');
        await waitForGroupEnd(group, 1_000);
      }
      groups.delete(group);
    },
  };
}
