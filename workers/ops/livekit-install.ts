/**
 * `npm run livekit:install` builds the media server with Go, once for this machine: about seven minutes on two cores.
 * `npm start` does the same in the background.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from '../local/child-process.ts';
import { findLockHolder } from '../local/data-dir.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import { findLiveKit, liveKitFolder } from '../local/livekit.ts';

const MODULE = 'github.com/livekit/livekit-server/cmd/server@v1.13.5';
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

/** One build of the media server into its cache folder. */
class LiveKitBuild implements Installation {
  readonly #options: Required<InstallOptions>;
  readonly #folder: string;
  readonly #program: string;
  #child: Child | undefined;
  #stopped = false;
  readonly done: Promise<string>;

  constructor(options: Required<InstallOptions>) {
    this.#options = options;
    this.#folder = liveKitFolder(options.env);
    this.#program = join(this.#folder, 'livekit-server');
    this.done = this.#install();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#child?.stop();
    await this.done.catch(() => undefined); // callers that wait for `done` get the error
  }

  async #install(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    while (!existsSync(this.#program)) {
      if (this.#stopped) throw new CommandError('the build of LiveKit was given up');
      if (await acquireLock(`${this.#program}.lock`)) {
        this.#options.onLine('LiveKit is being built, once for this machine; that takes about seven minutes');
        await this.#build();
      } else await sleep(LOCK_RETRY_MS);
    }
    return this.#program;
  }

  async #build(): Promise<void> {
    const { go, env } = this.#options;
    const target = await mkdtemp(join(this.#folder, '.build-'));
    let lastLine = '';
    try {
      const child = startChild({
        name: 'the build of LiveKit',
        command: 'nice',
        args: ['-n', '15', go, 'install', MODULE],
        cwd: target,
        env: { ...env, GOBIN: target },
        onLine: (line) => (lastLine = line),
      });
      this.#child = child;
      const exitReason = await child.exited;
      if (existsSync(join(target, 'server'))) await rename(join(target, 'server'), this.#program);
      else if (!this.#stopped) throw new CommandError(`${child.name} ${exitReason}: ${lastLine}`);
    } finally {
      await rm(target, { recursive: true, force: true });
      await rm(`${this.#program}.lock`, { force: true });
    }
  }
}

/**
 * Builds the media server into its cache folder, unless another process does so already: then it waits for that one.
 * The program appears there whole, or not at all.
 */
export const installLiveKit = ({ go, env = process.env, onLine }: InstallOptions): Installation =>
  new LiveKitBuild({ go, env, onLine });

if (import.meta.main)
  await runCommand('livekit:install', async () => {
    const found = findLiveKit();
    if (found !== undefined) return console.log(`LiveKit is there: ${found}`);
    const go = findGo();
    if (go === undefined) throw new CommandError('Go is needed to build LiveKit: https://go.dev/dl');
    const startedAt = performance.now();
    const program = await installLiveKit({ go, onLine: (line) => console.log(line) }).done;
    console.log(
      `LiveKit was built after ${Math.round((performance.now() - startedAt) / 1000)} s: ${program}`,
    );
  });
