import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../local/child-process.ts';
import { CommandError } from '../local/command-error.ts';
import { findLockHolder } from '../local/data-dir.ts';

const LOCK_RETRY_MS = 1_000;

type Env = Record<string, string | undefined>;

/** The Go command: on PATH, or where its own installer puts it; undefined when there is none. */
export function findGo(env: Env = process.env): string | undefined {
  const folders = [...(env.PATH ?? '').split(delimiter), '/usr/local/go/bin'];
  return folders.map((folder) => join(folder, 'go')).find((file) => existsSync(file));
}

export interface Installation {
  /** The program. @throws CommandError when it could not be built */
  done: Promise<string>;
  /** Gives up; what Go has built so far is used the next time. */
  stop(): Promise<void>;
}

export interface InstallOptions {
  go: string;
  env?: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
}

/** What is built. */
export interface GoProgram {
  /** As messages name it. */
  name: string;
  /** How long that takes: `about seven minutes`. */
  takes: string;
  /** Where the program is kept. */
  file: string;
  /** Arguments of `go`; it runs in `folder`, or in an empty folder, and puts the program named `built` into `GOBIN`. */
  args: string[];
  folder?: string;
  built: string;
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

/** One build of a program into its cache folder. */
class GoBuild implements Installation {
  readonly #options: Required<InstallOptions>;
  readonly #program: GoProgram;
  #child: Child | undefined;
  #stopped = false;
  readonly done: Promise<string>;

  constructor(program: GoProgram, options: Required<InstallOptions>) {
    this.#program = program;
    this.#options = options;
    this.done = this.#install();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.stop();
    await this.done.catch(() => undefined); // callers that wait for `done` get the error
  }

  async #install(): Promise<string> {
    const { file, name, takes } = this.#program;
    await mkdir(dirname(file), { recursive: true });
    while (!existsSync(file)) {
      if (this.#stopped) throw new CommandError(`the build of ${name} was given up`);
      if (await acquireLock(`${file}.lock`)) {
        this.#options.onLine(`${name} is being built, once for this machine; that takes ${takes}`);
        await this.#build();
      } else await sleep(LOCK_RETRY_MS);
    }
    return file;
  }

  async #build(): Promise<void> {
    const { go, env } = this.#options;
    const { file, name, args, folder, built } = this.#program;
    const target = await mkdtemp(join(dirname(file), '.build-'));
    let lastLine = '';
    try {
      const child = startChild({
        name: `the build of ${name}`,
        command: 'nice',
        args: ['-n', '15', go, ...args],
        cwd: folder ?? target,
        env: { ...env, GOBIN: target },
        onLine: (line) => (lastLine = line),
      });
      this.#child = child;
      const exitReason = await child.exited;
      if (existsSync(join(target, built))) await rename(join(target, built), file);
      else if (!this.#stopped) throw new CommandError(`${child.name} ${exitReason}: ${lastLine}`);
    } finally {
      await rm(target, { recursive: true, force: true });
      await rm(`${file}.lock`, { force: true });
    }
  }
}

/**
 * Builds a program into its cache folder, unless another process does so already: then it waits for that one. The program
 * appears there whole, or not at all.
 */
export const buildGoProgram = (
  program: GoProgram,
  { go, env = process.env, onLine }: InstallOptions,
): Installation => new GoBuild(program, { go, env, onLine });

/** Builds the program for a command line, and says how long that took. @throws CommandError without Go */
export async function runGoBuild(
  { name, install }: { name: string; install: (options: InstallOptions) => Installation },
  found: string | undefined,
): Promise<void> {
  if (found !== undefined) return console.log(`${name} is there: ${found}`);
  const go = findGo();
  if (go === undefined) throw new CommandError(`Go is needed to build ${name}: https://go.dev/dl`);
  const startedAt = performance.now();
  const program = await install({ go, onLine: (line) => console.log(line) }).done;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${basename(program)} was built after ${seconds} s: ${program}`);
}
