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

/**
 * Builds the media server into its cache folder, unless another process does so already: then it waits for that one.
 * The program appears there whole, or not at all.
 */
export function installLiveKit({ go, env = process.env, onLine }: InstallOptions): Installation {
  const folder = liveKitFolder(env);
  const program = join(folder, 'livekit-server');
  const lock = `${program}.lock`;
  let child: Child | undefined;
  let stopped = false;

  const build = async () => {
    const target = await mkdtemp(join(folder, '.build-'));
    let lastLine = '';
    try {
      child = startChild({
        name: 'the build of LiveKit',
        command: 'nice',
        args: ['-n', '15', go, 'install', MODULE],
        cwd: target,
        env: { ...env, GOBIN: target },
        onLine: (line) => (lastLine = line),
      });
      const exitReason = await child.exited;
      if (existsSync(join(target, 'server'))) await rename(join(target, 'server'), program);
      else if (!stopped) throw new CommandError(`${child.name} ${exitReason}: ${lastLine}`);
    } finally {
      await rm(target, { recursive: true, force: true });
      await rm(lock, { force: true });
    }
  };

  const install = async () => {
    await mkdir(folder, { recursive: true });
    while (!existsSync(program)) {
      if (stopped) throw new CommandError('the build of LiveKit was given up');
      if (await acquireLock(lock)) {
        onLine('LiveKit is being built, once for this machine; that takes about seven minutes');
        await build();
      } else await sleep(LOCK_RETRY_MS);
    }
    return program;
  };

  const done = install();
  return {
    done,
    async stop() {
      stopped = true;
      await child?.stop();
      await done.catch(() => undefined); // whoever waits for it is told
    },
  };
}

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
