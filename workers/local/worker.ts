import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child-process.ts';
import { CommandError } from './command-error.ts';
import { formatLogLine } from './log-lines.ts';
import type { LocalPorts } from './ports.ts';

export interface WorkerOptions {
  root: string;
  dataDir: string;
  ports: LocalPorts;
  /** Variables and secrets that differ from wrangler.toml. */
  settings: Record<string, string>;
  onLine: (line: string) => void;
}

export interface LocalWorker extends Child {
  /** Resolves when it answers. @throws CommandError when it ends, or does not answer in time */
  ready(): Promise<void>;
  /** Fires the cron triggers each minute, as the platform does. */
  startCrons(): void;
}

const READY_WITHIN_MS = 90_000;

/** Values as wrangler's env files take them; `$` would start a variable. */
function formatEnvFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value.replaceAll('$', String.raw`\$`)}'\n`)
    .join('');
}

/** Undefined while nothing listens. */
async function tryFetch(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(10_000) });
  } catch {
    return undefined;
  }
}

async function waitUntilReady(api: string): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  while (Date.now() < end) {
    const response = await tryFetch(`${api}/liveness`);
    if (response && response.status < 500) return;
    if (response?.status === 500) {
      const lines = (await response.text()).split('\n').filter((line) => !/^\s+at /.test(line));
      throw new CommandError(`the Worker does not start: ${lines.map((line) => line.trim()).join(' ')}`);
    }
    await sleep(100);
  }
  throw new CommandError(`the Worker did not answer within ${READY_WITHIN_MS / 1000} s`);
}

async function triggerCrons(api: string, onLine: (line: string) => void): Promise<void> {
  const response = await tryFetch(`${api}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
  await response?.body?.cancel();
  if (response?.ok === false) onLine(`the cron trigger failed with ${response.status}`);
}

/** The command line and environment of `wrangler dev`, with its state in the data directory. */
function wranglerDev({ dataDir, ports }: WorkerOptions, envFile: string) {
  const wrangler = dirname(createRequire(import.meta.url).resolve('wrangler/package.json'));
  return {
    command: process.execPath,
    args: [
      '--no-warnings',
      join(wrangler, 'wrangler-dist/cli.js'),
      'dev',
      '--ip=127.0.0.1',
      `--port=${ports.api}`,
      `--inspector-port=${ports.inspector}`,
      `--persist-to=${join(dataDir, 'worker')}`,
      `--env-file=${envFile}`,
      '--show-interactive-dev-session=false',
      '--log-level=log',
    ],
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_LOG_PATH: join(dataDir, 'wrangler-logs'),
      WRANGLER_REGISTRY_PATH: join(dataDir, 'wrangler-registry'),
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
  };
}

/** Starts the Worker under `wrangler dev`. */
export async function startWorker(options: WorkerOptions): Promise<LocalWorker> {
  const { root, dataDir, ports, settings, onLine } = options;
  const api = `http://127.0.0.1:${ports.api}`;
  const envFile = join(dataDir, 'worker.env');
  await writeFile(envFile, formatEnvFile(settings), { mode: 0o600 });
  await rm(join(dataDir, 'wrangler-logs'), { recursive: true, force: true });
  const build = Promise.withResolvers<never>();
  const child = startChild({
    name: 'the Worker',
    ...wranglerDev(options, envFile),
    cwd: root,
    onLine(line) {
      if (line.includes('Build failed'))
        build.reject(new CommandError('the Worker does not build; see above'));
      const readable = formatLogLine(line);
      if (readable !== undefined) onLine(readable);
    },
  });
  const ended = child.exited.then((exitReason) => {
    throw new CommandError(`the Worker ${exitReason} before it was ready`);
  });
  build.promise.catch(() => undefined); // after the start a failing build waits for the next edit
  ended.catch(() => undefined); // callers that watch `exited` see it too
  let crons: NodeJS.Timeout | undefined;
  return {
    ...child,
    ready: () => Promise.race([waitUntilReady(api), ended, build.promise]),
    startCrons() {
      crons = setInterval(() => void triggerCrons(api, onLine), 60_000);
    },
    async stop() {
      clearInterval(crons);
      await child.stop();
    },
  };
}
