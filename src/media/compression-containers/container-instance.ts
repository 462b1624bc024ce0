import type { Clock, Log, Timers } from '../../kernel/core/index.ts';
import type { KeyValueStorage } from '../../kernel/durable/index.ts';

/** The part of a container of the platform that is used. */
export interface ServiceContainer {
  readonly running: boolean;
  start(options: { env: Record<string, string>; enableInternet: boolean }): void;
  /** Resolves when it has ended, and rejects when that was no proper end. */
  monitor(): Promise<void>;
  signal(signal: number): void;
  destroy(): Promise<void>;
  getTcpPort(port: number): { fetch(request: Request): Promise<Response> };
}

/** What the rules of a container need of its live object. */
export interface ContainerRuntime {
  /** Undefined where the runtime has none: in development and in tests. */
  container: ServiceContainer | undefined;
  storage: KeyValueStorage;
  secret: () => string;
  clock: () => Clock;
  timers: () => Timers;
  log: () => Log;
  wakeAt(atMs: number): void;
  /** Makes the object wake at this time and no earlier; null for never. */
  setNext(atMs: number | null): void;
}

const PORT = 8794;
const SIGTERM = 15;
const START_MS = 30_000;
const PROBE_MS = 250;
const IDLE_MS = 5 * 60_000;
/** The service waits for open work for 20 seconds. */
const DRAIN_MS = 25_000;
/** A start that has failed is not repeated sooner. */
const RETRY_MS = 5_000;
/** How long a failed start counts as a fault, unless another one succeeds: perhaps no request causes another one. */
const UNHEALTHY_MS = 5 * 60_000;
/** How exactly the last request is remembered. */
const REMEMBER_MS = 10_000;

const USED_AT = 'usedAt';
const FAILED_AT = 'failedAt';
const DRAINED_AT = 'drainedAt';

const unavailable = (detail: string): Response =>
  Response.json({ status: 'unavailable', detail }, { status: 503, headers: { 'Retry-After': '5' } });

/** One instance of the compression service, in its live object; README.md says how it lives. */
export class ContainerInstance {
  readonly #runtime: ContainerRuntime;
  #start: Promise<void> | undefined;
  /** Requests under way: their instance is not idle, however long they take. */
  #open = 0;

  constructor(runtime: ContainerRuntime) {
    this.#runtime = runtime;
  }

  get #nowMs(): number {
    return this.#runtime.clock().now();
  }

  #read(name: string): number {
    return (this.#runtime.storage.get(name) as number | undefined) ?? 0;
  }

  /** Passes a request on, once the instance is awake. */
  async fetch(request: Request): Promise<Response> {
    const { container } = this.#runtime;
    if (!container) return unavailable('the runtime has no container');
    this.#open++;
    try {
      this.#remember();
      await this.#awake(container);
      return await container.getTcpPort(PORT).fetch(request);
    } catch (error) {
      this.#runtime.log().warn('compression_container.failed', { error });
      return unavailable(error instanceof Error ? error.message : 'the instance is away');
    } finally {
      this.#open--;
      this.#remember();
    }
  }

  /** Whether it is healthy, or asleep and has not failed to start a short time ago; it is not started by the question. */
  async isHealthy(): Promise<boolean> {
    const { container } = this.#runtime;
    if (!container || this.#nowMs - this.#read(FAILED_AT) < UNHEALTHY_MS) return false;
    return !container.running || this.#start !== undefined || this.#answers(container, '/health');
  }

  #remember(): void {
    const { storage, wakeAt } = this.#runtime;
    const nowMs = this.#nowMs;
    if (nowMs - this.#read(USED_AT) < REMEMBER_MS) return;
    storage.put(USED_AT, nowMs);
    wakeAt(nowMs + IDLE_MS);
  }

  async #awake(container: ServiceContainer): Promise<void> {
    if (container.running && !this.#start && !this.#read(DRAINED_AT)) return;
    this.#start ??= this.#startOnce(container).finally(() => (this.#start = undefined));
    await this.#start;
  }

  async #startOnce(container: ServiceContainer): Promise<void> {
    const { storage, secret } = this.#runtime;
    if (this.#nowMs - this.#read(FAILED_AT) < RETRY_MS) throw new Error('the last start has just failed');
    if (this.#read(DRAINED_AT)) await this.#finishDrain(container);
    try {
      container.start({ env: { COMPRESSION_SECRETS: secret() }, enableInternet: false });
      await this.#becomeReady(container);
      storage.delete(FAILED_AT);
    } catch (error) {
      storage.put(FAILED_AT, this.#nowMs);
      if (container.running) await container.destroy();
      throw error;
    }
  }

  async #becomeReady(container: ServiceContainer): Promise<void> {
    const untilMs = this.#nowMs + START_MS;
    let end: string | undefined;
    container.monitor().then(
      () => (end = 'it has ended'),
      (error: unknown) => (end = String(error)),
    );
    while (this.#nowMs < untilMs) {
      if (await this.#answers(container, '/ready')) return;
      if (end !== undefined) throw new Error(`the instance ended while it started: ${end}`);
      await this.#runtime.timers().sleep(PROBE_MS);
    }
    throw new Error(`the instance was not ready within ${START_MS / 1_000} s`);
  }

  async #answers(container: ServiceContainer, path: string): Promise<boolean> {
    try {
      const response = await container.getTcpPort(PORT).fetch(new Request(`http://instance${path}`));
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false; // nothing listens on the port
    }
  }

  async #finishDrain(container: ServiceContainer): Promise<void> {
    if (container.running) await container.destroy();
    this.#runtime.storage.delete(DRAINED_AT);
  }

  /** Runs at an alarm: drains an instance that is idle, and ends one that was drained. */
  async alarm(): Promise<void> {
    const { container, storage, setNext } = this.#runtime;
    if (!container?.running) {
      storage.delete(DRAINED_AT);
      return setNext(null);
    }
    const nowMs = this.#nowMs;
    if (this.#read(DRAINED_AT)) {
      await this.#finishDrain(container);
      // A request may have started it again meanwhile.
      return setNext(container.running || this.#open > 0 ? this.#nowMs + REMEMBER_MS : null);
    }
    const idleAtMs = this.#read(USED_AT) + IDLE_MS;
    if (this.#open > 0 || this.#start || nowMs < idleAtMs)
      return setNext(Math.max(idleAtMs, nowMs + REMEMBER_MS));
    storage.put(DRAINED_AT, nowMs);
    container.signal(SIGTERM);
    setNext(nowMs + DRAIN_MS);
  }
}
