import { join } from 'node:path';
import { readMemoryBytes, WorkerProcess } from '../processes/worker-process.ts';
import { CodecSession, type FrameMessage, type Outcome, type Slot } from './codec-session.ts';
import { PoolFull, SingleFrames } from './single-frames.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');
/** Memory that a session frees goes back to the system once it is this much, so that the next one takes no other. */
const RETURN_MEMORY = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '1000000' };
/** An idle process may keep this much. */
const IDLE_BYTES = 256 * 1024 * 1024;

export interface PoolOptions {
  processes: number;
  maxSessions: number;
  maxProcessBytes: number;
}

/** The processes that hold the codecs of sessions. */
export class CodecPool {
  #options: PoolOptions;
  #slots = new Set<Slot>();
  #sessions = new Set<CodecSession>();
  #singles = new SingleFrames((onEnd) => this.#start(onEnd));

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }
  get waitingCount(): number {
    const asked = [...this.#slots].reduce((sum, { process }) => sum + process.waitingCount, 0);
    return asked + this.#singles.waitingCount;
  }
  get isFull(): boolean {
    return this.#sessions.size >= this.#options.maxSessions;
  }
  get pids(): number[] {
    return [this.#singles.process, ...[...this.#slots].map(({ process }) => process)].map(({ pid }) => pid);
  }

  /** Starts a process for sessions and one for single frames, so that the first of them wait for none. */
  async warmUp(): Promise<void> {
    const slot = this.#addSlot(false);
    await Promise.all([slot.process, this.#singles.process].map((process) => process.ask({ type: 'ping' })));
  }

  /** @throws PoolFull */
  open(): CodecSession {
    if (this.isFull) throw new PoolFull(`all ${this.#options.maxSessions} sessions are taken`);
    const session = new CodecSession(this);
    this.#sessions.add(session);
    return session;
  }

  /** A frame by itself. @throws PoolFull, WorkerRefusal */
  processSingle<T>(message: FrameMessage, withinMs: number | undefined): Promise<Outcome<T>> {
    return this.#singles.run<T>(message, withinMs);
  }

  /** A process for a session: the one with the fewest, or one of its own. */
  assign(session: CodecSession, isAlone: boolean): Slot {
    const shared = [...this.#slots].filter((slot) => !slot.isAlone && slot.process.isConnected);
    const least = shared.reduce<Slot | undefined>(
      (found, slot) => (found && found.sessions.size <= slot.sessions.size ? found : slot),
      undefined,
    );
    const mayAdd = shared.length < this.#options.processes;
    const slot = isAlone || !least || (mayAdd && least.sessions.size > 0) ? this.#addSlot(isAlone) : least;
    slot.sessions.add(session);
    return slot;
  }

  release(session: CodecSession, slot: Slot | undefined): void {
    this.#sessions.delete(session);
    if (!slot?.sessions.delete(session)) return;
    // Codecs hardly give memory back: an idle process that has grown ends, and another one replaces it.
    if (slot.sessions.size > 0 || (!slot.isAlone && readMemoryBytes(slot.process.pid) < IDLE_BYTES))
      slot.process.ask({ type: 'close', session: session.key }).catch(() => undefined);
    else {
      this.#slots.delete(slot); // at once: no session may begin in it
      slot.process.end('it had no session left');
      if (this.#slots.size === 0) this.#addSlot(false);
    }
  }

  close(): void {
    for (const { process } of this.#slots) process.end('the service ends');
    this.#singles.process.end('the service ends');
  }

  #addSlot(isAlone: boolean): Slot {
    const slot: Slot = {
      sessions: new Set(),
      isAlone,
      process: this.#start(() => {
        this.#slots.delete(slot);
        for (const session of slot.sessions) session.moveAway();
      }),
    };
    this.#slots.add(slot);
    return slot;
  }

  #start(onEnd: () => void): WorkerProcess {
    const process = new WorkerProcess(WORKER, this.#options.maxProcessBytes, RETURN_MEMORY);
    void process.ended.then(onEnd);
    return process;
  }
}
