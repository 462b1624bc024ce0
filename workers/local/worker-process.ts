import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, startChild } from './child-process.ts';
import { CommandError } from './command-error.ts';
import { formatLogLine, LAUNCHER_REQUESTS } from './log-lines.ts';
import type { LocalPorts } from './ports.ts';

export interface WorkerProcessOptions {
  root: string;
  dataDir: string;
  envFile: string;
  ports: LocalPorts;
  /** Whether a debugger may connect. */
  inspected: boolean;
  onLine: (line: string) => void;
  /** Called when the Workers runtime has died beneath it. */
  onCrash: () => void;
}

export interface WorkerProcess extends Child {
  /** Resolves when it answers. @throws CommandError when it ends, does not build, or does not answer in time */
  ready(): Promise<void>;
}

const READY_WITHIN_MS = 90_000;

/** Undefined while nothing answers. */
export async function tryFetch(url: string, withinMs = 10_000): Promise<Response | undefined> {
  try {
    return await fetch(url, {
      headers: { 'x-request-id': `${LAUNCHER_REQUESTS}probe` },
      signal: AbortSignal.timeout(withinMs),
    });
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

/** The command line and environment of `serve-worker.ts`, with its state in the data directory. */
function serveCommand({ dataDir, ports, envFile, inspected }: WorkerProcessOptions) {
  return {
    command: process.execPath,
    args: [
      '--no-warnings',
      join(import.meta.dirname, 'serve-worker.ts'),
      `--port=${ports.api}`,
      `--persist-to=${join(dataDir, 'worker')}`,
      `--env-file=${envFile}`,
      ...(inspected ? [`--inspector-port=${ports.inspector}`] : []),
    ],
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      // Its copies of the log, on disk and in a database of traces, have no bound.
      WRANGLER_WRITE_LOGS: 'false',
      X_LOCAL_OBSERVABILITY: 'false',
      X_LOCAL_EXPLORER: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
  };
}

/** Starts the Worker under Wrangler. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const build = Promise.withResolvers<never>();
  const child = startChild({
    name: 'the Worker',
    ...serveCommand(options),
    cwd: options.root,
    onLine(line) {
      if (line.includes('Build failed'))
        build.reject(new CommandError('the Worker does not build; see above'));
      if (line.includes('The Workers runtime crashed')) options.onCrash();
      const readable = formatLogLine(line);
      if (readable !== undefined) options.onLine(readable);
    },
  });
  const ended = child.exited.then((exitReason) => {
    throw new CommandError(`the Worker ${exitReason} before it was ready`);
  });
  build.promise.catch(() => undefined); // after the start a failing build waits for the next edit
  ended.catch(() => undefined); // callers that watch `exited` see it too
  return {
    ...child,
    ready: () =>
      Promise.race([waitUntilReady(`http://127.0.0.1:${options.ports.api}`), ended, build.promise]),
  };
}
