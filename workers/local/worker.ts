import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Child } from './child-process.ts';
import { getReason } from './command-error.ts';
import {
  startWorkerProcess,
  tryFetch,
  type WorkerProcess,
  type WorkerProcessOptions,
} from './worker-process.ts';

export interface WorkerOptions extends Omit<WorkerProcessOptions, 'envFile' | 'onCrash'> {
  /** Variables and secrets that differ from wrangler.toml. */
  settings: Record<string, string>;
}

export interface LocalWorker extends Child {
  /** Resolves when it answers. @throws CommandError when it ends, or does not answer in time */
  ready(): Promise<void>;
  /** Fires the cron triggers, at once and then each minute, as the platform does. */
  startCrons(): void;
}

const CRON_EVERY_MS = 60_000;
/** A machine with other work may take long to answer; a runtime without its Worker never does. */
const ANSWERS_WITHIN_MS = 20_000;
const MAX_RESTARTS = 3;
const RESTARTS_WITHIN_MS = 10 * 60_000;

/** Values as wrangler's env files take them; `$` would start a variable. */
function formatEnvFile(settings: Record<string, string>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value.replaceAll('$', String.raw`\$`)}'\n`)
    .join('');
}

/**
 * The Worker, started again when its runtime has died: Wrangler starts the runtime's processes again by itself, but then
 * keeps its port open without ever answering there.
 */
class RestartingWorker implements LocalWorker {
  readonly name = 'the Worker';
  readonly exited: Promise<string>;
  readonly #options: WorkerProcessOptions;
  readonly #end = Promise.withResolvers<string>();
  #process: WorkerProcess;
  #isStopped = false;
  #isReady = false;
  #isRestarting = false;
  #restartTimes: number[] = [];
  #crons: NodeJS.Timeout | undefined;

  constructor(options: Omit<WorkerProcessOptions, 'onCrash'>) {
    this.#options = { ...options, onCrash: () => void this.#restart('its runtime has died') };
    this.exited = this.#end.promise;
    this.#process = this.#start();
  }

  async ready(): Promise<void> {
    await this.#process.ready();
    this.#isReady = true;
  }

  startCrons(): void {
    void this.#fireCrons();
    this.#crons = setInterval(() => void this.#fireCrons(), CRON_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#crons);
    await this.#process.stop();
  }

  #start(): WorkerProcess {
    const started = startWorkerProcess(this.#options);
    void started.exited.then((reason) => {
      if (!this.#isRestarting) this.#end.resolve(reason);
    });
    return started;
  }

  get #api(): string {
    return `http://127.0.0.1:${this.#options.ports.api}`;
  }

  async #fireCrons(): Promise<void> {
    const response = await tryFetch(`${this.#api}/cdn-cgi/local/scheduled?cron=*+*+*+*+*`);
    await response?.body?.cancel();
    if (response?.ok === false) this.#options.onLine(`the cron trigger failed with ${response.status}`);
    if (response === undefined && !(await this.#isAnswering())) await this.#restart('it does not answer');
  }

  async #isAnswering(): Promise<boolean> {
    for (let attempt = 0; attempt < 2; attempt++)
      if (await tryFetch(`${this.#api}/liveness`, ANSWERS_WITHIN_MS)) return true;
    return false;
  }

  async #restart(reason: string): Promise<void> {
    if (!this.#isReady || this.#isRestarting || this.#isStopped) return;
    this.#isRestarting = true;
    const now = Date.now();
    this.#restartTimes = this.#restartTimes.filter((time) => now - time < RESTARTS_WITHIN_MS);
    if (this.#restartTimes.push(now) > MAX_RESTARTS)
      return this.#end.resolve(`was started again ${MAX_RESTARTS} times within 10 minutes, and ${reason}`);
    this.#options.onLine(`the Worker is started again: ${reason}`);
    try {
      await this.#process.stop();
      if (this.#isStopped) return;
      this.#process = this.#start();
      await this.#process.ready();
      this.#isRestarting = false;
      this.#options.onLine('the Worker answers again');
    } catch (error) {
      this.#end.resolve(`could not be started again: ${getReason(error)}`);
    }
  }
}

/** Starts the Worker with its settings in a file of the data directory. */
export async function startWorker({ settings, ...options }: WorkerOptions): Promise<LocalWorker> {
  const envFile = join(options.dataDir, 'worker.env');
  await writeFile(envFile, formatEnvFile(settings), { mode: 0o600 });
  return new RestartingWorker({ ...options, envFile });
}
