/** The part of an object's storage that sets its alarm. */
export interface AlarmStorage {
  getAlarm(): Promise<number | null>;
  setAlarm(atMs: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

/** The part of a Durable Object's state that an alarm needs. */
export interface AlarmHost {
  storage: AlarmStorage;
  waitUntil(work: Promise<unknown>): void;
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * The one alarm of a Durable Object. Writing it is never awaited: the runtime stores it together with everything else
 * that the same turn writes, and holds back every answer until then.
 */
export class Alarm {
  readonly #host: AlarmHost;
  /** When the stored alarm fires, milliseconds since the epoch; Infinity for none. A cache of the storage. */
  #atMs = Infinity;
  #isLoaded = false;

  /** Reads the stored alarm before the object handles its first event. */
  constructor(host: AlarmHost) {
    this.#host = host;
    // oxlint-disable-next-line typescript/no-floating-promises -- the runtime delays every event until it is done
    host.blockConcurrencyWhile(() => this.#load());
  }

  /** Makes sure that the object wakes at this time or earlier. */
  wakeAt(atMs: number): void {
    if (atMs >= this.#atMs) return;
    this.#atMs = atMs;
    // Before that, the stored alarm may be an earlier one, which must not be overwritten.
    if (this.#isLoaded) this.#store();
  }

  /** The runtime has called `alarm()`: none is set any more. */
  markFired(): void {
    this.#atMs = Infinity;
  }

  /**
   * Sets the alarm to this time, in place of any other; null deletes it. Read the time in the same turn: a task that
   * was added since would be missed.
   */
  setNext(atMs: number | null): void {
    this.#atMs = atMs ?? Infinity;
    this.#store();
  }

  async #load(): Promise<void> {
    const storedAtMs = (await this.#host.storage.getAlarm()) ?? Infinity;
    this.#isLoaded = true;
    if (this.#atMs < storedAtMs) this.#store();
    else this.#atMs = storedAtMs;
  }

  #store(): void {
    const { storage } = this.#host;
    this.#host.waitUntil(this.#atMs === Infinity ? storage.deleteAlarm() : storage.setAlarm(this.#atMs));
  }
}
