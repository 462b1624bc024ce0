import { ProcessEnded, readMemoryBytes, type WorkerProcess } from '../processes/worker-process.ts';
import type { WorkerMessage } from './worker-messages.ts';

/** A codec that has not answered for this long hangs; its process is ended. */
const HANG_MS = 10_000;
/** How often the process of a session may end while it works on the session's frame. */
const MAX_CRASHES = 2;

/** The session's frames end processes: it is closed, for the sake of the others. */
export class SessionHarmful extends Error {
  override readonly name = 'SessionHarmful';
}

/** The outcome of a frame. Late: the deadline passed before the codec answered. Lost: the process ended. */
export type Outcome<T> =
  | { kind: 'done'; value: T; memoryBytes: number }
  | { kind: 'late' }
  | { kind: 'lost'; reason: string };

/** A process and the sessions in it. */
export interface Slot {
  process: WorkerProcess;
  sessions: Set<CodecSession>;
  /** Only for a session whose frame was in a process that ended. */
  isAlone: boolean;
}

/** Where sessions find their process. */
export interface SlotSource {
  assign(session: CodecSession, isAlone: boolean): Slot;
  release(session: CodecSession, slot: Slot | undefined): void;
}

export type FrameMessage = Extract<WorkerMessage, { type: 'compress' | 'restore' }>;

export const lateAfter = (ms: number) =>
  new Promise<'late'>((resolve) => setTimeout(resolve, ms, 'late' as const).unref());

/** Asks a process, and ends it when it hangs. The time of its start does not count. */
export function askWithin<T>(process: WorkerProcess, message: object): Promise<T> {
  let hang: NodeJS.Timeout | undefined;
  const end = () => process.end('the codec did not answer');
  const asked = process.ask<T>(message);
  let isAnswered = false;
  void process.ready.then(() => {
    if (!isAnswered) hang = setTimeout(end, HANG_MS);
  });
  return asked.finally(() => {
    isAnswered = true;
    clearTimeout(hang);
  });
}

/** One session: its codec lives in one process of the pool, and in another when that one ends. */
export class CodecSession {
  readonly key = crypto.randomUUID();
  #pool: SlotSource;
  #slot: Slot | undefined;
  #running: Promise<unknown> | undefined;
  #needsReset = false;
  #crashes = 0;

  constructor(pool: SlotSource) {
    this.#pool = pool;
  }

  /** One frame. @throws WorkerRefusal for a bad one; SessionHarmful when the session must end */
  async process<T>(message: FrameMessage, withinMs: number | undefined): Promise<Outcome<T>> {
    const deadline = withinMs === undefined ? undefined : lateAfter(withinMs);
    if (this.#running && (await this.#raceWith(this.#running, deadline)) === 'late') return this.#beLate();
    this.#slot ??= this.#pool.assign(this, this.#crashes > 0);
    const { process } = this.#slot;
    const reset = message.reset || this.#needsReset;
    const asked = askWithin<T>(process, { ...message, session: this.key, reset });
    this.#needsReset = false;
    this.#running = asked.catch(() => undefined).finally(() => (this.#running = undefined));
    try {
      const value = await this.#raceWith(asked, deadline);
      if (value === 'late') return this.#beLate();
      return { kind: 'done', value: value as T, memoryBytes: readMemoryBytes(process.pid) };
    } catch (error) {
      if (!(error instanceof ProcessEnded)) throw error;
      if (++this.#crashes > MAX_CRASHES) throw new SessionHarmful(error.message);
      return { kind: 'lost', reason: error.message };
    }
  }

  /** Called when its process has ended: the next frame begins in another. */
  moveAway(): void {
    this.#slot = undefined;
    this.#needsReset = true;
  }

  close(): void {
    this.#pool.release(this, this.#slot);
    this.#slot = undefined;
  }

  #raceWith<T>(asked: Promise<T>, deadline: Promise<'late'> | undefined): Promise<T | 'late'> {
    return deadline ? Promise.race([asked, deadline]) : asked;
  }

  /** The receiver has a gap: what follows must be decoded without the late frame. */
  #beLate(): { kind: 'late' } {
    this.#needsReset = true;
    return { kind: 'late' };
  }
}
