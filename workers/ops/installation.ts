import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../local/child-process.ts';
import { CommandError } from '../local/command-error.ts';
import { findLockHolder } from '../local/data-dir.ts';

const LOCK_RETRY_MS = 1_000;

export interface Installation {
  /** Where it is. @throws CommandError when it could not be made */
  done: Promise<string>;
  /** Gives up; caches of the tools are used the next time. */
  stop(): Promise<void>;
}

/** A command that makes a part of what is installed. */
export interface InstallStep {
  command: string;
  args: string[];
  /** An empty folder, if missing. */
  cwd?: string;
  env: NodeJS.ProcessEnv;
}

/** Software that is installed once for this machine. */
export interface Installed {
  /** Its name in messages. */
  name: string;
  /** How it comes to be: `is being built`, `the build`. */
  doing: string;
  work: string;
  /** How long that takes: `about seven minutes`. */
  takes: string;
  /** File or folder where it is kept. */
  place: string;
  /** Commands that make it in an empty folder. */
  steps: (target: string) => InstallStep[];
  /** Its path in that folder; the folder itself, if missing. */
  made?: string;
  onLine: (line: string) => void;
}

/** Takes the lock file for this process; false while another one has it. */
async function acquireLock(lock: string): Promise<boolean> {
  if ((await findLockHolder(lock)) !== undefined) return false;
  await rm(lock, { force: true });
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    return false; // another one was faster
  }
}

class OneInstallation implements Installation {
  readonly #what: Installed;
  #child: Child | undefined;
  #stopped = false;
  readonly done: Promise<string>;

  constructor(what: Installed) {
    this.#what = what;
    this.done = this.#install();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.stop();
    await this.done.catch(() => undefined); // callers that wait for `done` get the error
  }

  async #install(): Promise<string> {
    const { place, name, takes, doing, work, onLine } = this.#what;
    await mkdir(dirname(place), { recursive: true });
    while (!existsSync(place)) {
      if (this.#stopped) throw new CommandError(`${work} of ${name} was given up`);
      if (await acquireLock(`${place}.lock`)) {
        onLine(`${name} ${doing}, once for this machine; that takes ${takes}`);
        await this.#make();
      } else await sleep(LOCK_RETRY_MS);
    }
    return place;
  }

  async #make(): Promise<void> {
    const { place, steps, made } = this.#what;
    const target = await mkdtemp(join(dirname(place), '.build-'));
    try {
      for (const step of steps(target)) if (!this.#stopped) await this.#run(step, target);
      if (this.#stopped) return;
      await rename(made === undefined ? target : join(target, made), place);
    } finally {
      await rm(target, { recursive: true, force: true });
      await rm(`${place}.lock`, { force: true });
    }
  }

  async #run({ command, args, cwd, env }: InstallStep, target: string): Promise<void> {
    const { name, work } = this.#what;
    let lastLine = '';
    this.#child = startChild({
      name: `${work} of ${name}`,
      command: 'nice',
      args: ['-n', '15', command, ...args],
      cwd: cwd ?? target,
      env,
      onLine: (line) => (lastLine = line),
    });
    const reason = await this.#child.exited;
    if (reason !== 'ended with exit code 0' && !this.#stopped)
      throw new CommandError(`${this.#child.name} ${reason}: ${lastLine}`);
  }
}

/**
 * Installs something into its place, unless another process does so already: then it waits for that one. It appears there
 * whole, or not at all.
 */
export const installOnce = (what: Installed): Installation => new OneInstallation(what);
