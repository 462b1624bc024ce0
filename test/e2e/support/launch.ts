import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LocalPorts, derivePorts, requireFreePorts } from '../../../workers/local/ports.ts';

export const ROOT = join(import.meta.dirname, '../../..');

/** What `npm start` prints when it is ready. */
export interface StartupInfo {
  api: string;
  docs: string;
  mails: string;
  database: string;
  liveKit: string;
  recorder: string;
  compression: string;
  speech: string;
  user: string;
  password: string;
  apiKey: string;
}

export interface LaunchedProduct {
  ports: LocalPorts;
  dir: string;
  /** All it printed so far, on both streams. */
  output(): string;
  /** What it printed on stderr. */
  errorOutput(): string;
  process: ChildProcess;
  /** Resolves with its table. @throws when it ends before */
  ready(): Promise<StartupInfo>;
  /** Resolves with its exit code. */
  exited: Promise<number | null>;
  /** Sends the signal to npm, as a supervisor would; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

// Each worker of vitest has a range of its own: what is free now must still be free when the product takes it.
const PORTS_OF_A_WORKER = 1_000;

/** A port from which all of a copy's ports are free. */
export async function findFreePort(): Promise<number> {
  const firstPort = 20_000 + Number(process.env.VITEST_POOL_ID ?? 0) * PORTS_OF_A_WORKER;
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = firstPort + Math.floor(Math.random() * PORTS_OF_A_WORKER);
    try {
      await requireFreePorts(derivePorts(port));
      return port;
    } catch {
      continue; // taken: try elsewhere
    }
  }
  throw new Error('no free ports');
}

function parseStartupInfo(output: string): StartupInfo {
  const value = (name: string) => new RegExp(`^  ${name} +(.+)$`, 'm').exec(output)?.[1] ?? '';
  return {
    api: value('API'),
    docs: value('Docs'),
    mails: value('Mails'),
    database: value('Database'),
    liveKit: value('LiveKit'),
    recorder: value('Recorder'),
    compression: value('Compression'),
    speech: value('Speech'),
    user: value('User'),
    password: value('Password'),
    apiKey: value('API key'),
  };
}

export interface LaunchOptions {
  port: number;
  dir: string;
  args?: string[];
  /** Without COMPRESSION_URL and SPEECH_URL in it, the product runs without these services; undefined leaves a variable out. */
  env?: Record<string, string | undefined>;
  /** Where the checkout is; this one unless said otherwise. */
  root?: string;
}

/** Runs `npm start` as a person would. */
export function launchProduct({
  port,
  dir,
  args = [],
  env = {},
  root = ROOT,
}: LaunchOptions): LaunchedProduct {
  const started = spawn('npm', ['start', ...(args.length > 0 ? ['--', ...args] : [])], {
    cwd: root,
    env: buildEnvironment({
      PORT: String(port),
      AURALINK_DIR: dir,
      COMPRESSION_URL: '',
      SPEECH_URL: '',
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const streams = { stdout: '', stderr: '' };
  let all = '';
  for (const name of ['stdout', 'stderr'] as const)
    started[name].on('data', (chunk: Buffer) => {
      streams[name] += chunk.toString();
      all += chunk.toString();
    });
  const exited = new Promise<number | null>((resolve) => started.once('close', resolve));
  let ended = false;
  void exited.then(() => (ended = true));
  return {
    ports: derivePorts(port),
    dir,
    process: started,
    output: () => all,
    errorOutput: () => streams.stderr,
    exited,
    async ready() {
      while (!all.includes('Ctrl-C stops everything')) {
        if (ended) throw new Error(`npm start ended before it was ready:\n${all}`);
        await sleep(50);
      }
      return parseStartupInfo(all);
    },
    stop(signal = 'SIGTERM') {
      started.kill(signal);
      return exited;
    },
  };
}

/** Where what is kept between runs is, and what the network needs. */
const PASSED = ['HOME', 'TMPDIR', 'LANG', 'NODE_COMPILE_CACHE', 'http_proxy', 'https_proxy', 'no_proxy'];

/** The environment without what vitest and npm put into it, nor anything that would configure the product. */
function buildEnvironment(own: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const passed: Record<string, string> = { npm_config_update_notifier: 'false' };
  for (const name of PASSED) {
    const value = process.env[name];
    if (value !== undefined) passed[name] = value;
  }
  // npm adds the local binaries itself.
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const all: Record<string, string | undefined> = { ...passed, PATH: folders.join(':'), ...own };
  const set = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return set as NodeJS.ProcessEnv; // whose type names what the Worker's environment holds
}

export interface RunningProcess {
  pid: number;
  command: string;
}

/** The running processes whose command line mentions the text. */
export async function listProcessesMentioning(text: string): Promise<RunningProcess[]> {
  const found: RunningProcess[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    // A process may end while it is being looked at.
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push({ pid: Number(pid), command: line.replaceAll('\0', ' ').trim() });
  }
  return found;
}
