import { DueList, type KeyValues } from '../../platform/limits/index.ts';
import { HELLO_MS } from './connection.rules.ts';

/** What is to be done by now. */
export interface Due {
  /** Rings whose time has run out. Each is due again at `againAtMs`, unless it is told to be done. */
  runOut: string[];
  /** Whether the person's presence may have changed; due again at `againAtMs`, unless it is told to be done. */
  announce: boolean;
  /** Whether the connections' sessions are to be looked at. */
  recheck: boolean;
  /** Whether connections may be without a hello. */
  greet: boolean;
  /** Whether something kept may be too old. */
  prune: boolean;
  againAtMs: number;
}

/** How often open connections are held against the sessions behind them: the life of an access token. */
const RECHECK_MS = 300_000;
/**
 * Whenever an inbox wakes it looks whether its devices have pinged; half way between two rechecks it wakes for nothing
 * else. Each look costs a hibernated inbox its sleep, so it is no oftener: who asks whether the person is there has it
 * look anyway.
 */
const LOOK_MS = 150_000;
/** When what was begun and not done, because it failed or the object went, is tried again. */
const AGAIN_MS = 15_000;
const MOST_DUE = 100;

const PENDING = 't|';
const RING = 'ring|';
const ANNOUNCE = 'announce';
/** Begins the names of what is put back: to cancel it takes nothing along that came meanwhile. */
const AGAIN = 'again|';

const plain = (key: string) => (key.startsWith(AGAIN) ? key.slice(AGAIN.length) : key);

/** What an inbox has to do later, in its storage. */
export class Chores {
  readonly #storage: KeyValues;
  readonly #due: DueList;

  /** @param wakeAt hears when `take` is to be called at the latest */
  constructor(storage: KeyValues, wakeAt: (atMs: number) => void) {
    this.#storage = storage;
    this.#due = new DueList(storage, wakeAt);
  }

  /** At that moment the ring has run out. */
  runOutAt(ringId: string, atMs: number): void {
    this.#due.add(atMs, RING + ringId);
  }

  /** The person's presence may change then. */
  announceAt(atMs: number): void {
    this.#due.add(atMs, ANNOUNCE);
  }

  /** A connection was opened: whether it says hello, and whether its session goes on, is looked at later. */
  watchConnection(nowMs: number): void {
    this.#due.add(nowMs + HELLO_MS, 'greet');
    this.#watchOn(nowMs);
  }

  #watchOn(nowMs: number): void {
    if (this.once('recheck', nowMs + RECHECK_MS)) this.#due.add(nowMs + LOOK_MS, 'look');
  }

  /** Adds what one entry is enough for. @returns false when there is one */
  once(key: 'prune' | 'recheck', atMs: number): boolean {
    if (this.#storage.get(PENDING + key) !== undefined) return false;
    this.#storage.put(PENDING + key, atMs);
    this.#due.add(atMs, key);
    return true;
  }

  /**
   * Takes what is due by now. The object may go while others are waited for: what needs them is put back in the same
   * turn, and cancelled once it is done.
   * @param connected whether any connection is open
   */
  take(nowMs: number, connected: boolean): Due {
    const taken = this.#due.take(nowMs, MOST_DUE);
    for (const key of taken) this.#storage.delete(PENDING + key);
    const keys = new Set(taken.map(plain));
    const recheck = keys.has('recheck') && connected;
    if (recheck) this.#watchOn(nowMs);
    const againAtMs = nowMs + AGAIN_MS;
    const rings = [...keys].filter((key) => key.startsWith(RING));
    const announce = keys.has(ANNOUNCE);
    for (const key of [...rings, ...(announce ? [ANNOUNCE] : [])]) this.#due.add(againAtMs, AGAIN + key);
    const runOut = rings.map((key) => key.slice(RING.length));
    return { runOut, announce, recheck, greet: keys.has('greet'), prune: keys.has('prune'), againAtMs };
  }

  /** A ring of `runOut` was run out. */
  ranOut({ againAtMs }: Due, ringId: string): void {
    this.#due.cancel(againAtMs, AGAIN + RING + ringId);
  }

  /** Those who follow the person were told. */
  announced({ againAtMs }: Due): void {
    this.#due.cancel(againAtMs, AGAIN + ANNOUNCE);
  }

  /** When to wake next; null when nothing waits. */
  get nextAtMs(): number | null {
    return this.#due.next();
  }
}
