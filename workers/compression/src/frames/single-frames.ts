import { ProcessEnded, readMemoryBytes, type WorkerProcess } from '../processes/worker-process.ts';
import { askWithin, type FrameMessage, lateAfter, type Outcome } from './codec-session.ts';

const MAX_WAITING = 64;
const MAX_RUNNING = 4;

/** There is no room. */
export class PoolFull extends Error {
  override readonly name = 'PoolFull';
}

/** Frames by themselves: few at a time, in a process apart from those of sessions. */
export class SingleFrames {
  #start: (onEnd: () => void) => WorkerProcess;
  #process: WorkerProcess | undefined;
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(start: (onEnd: () => void) => WorkerProcess) {
    this.#start = start;
  }

  get process(): WorkerProcess {
    return (this.#process ??= this.#start(() => (this.#process = undefined)));
  }
  get waitingCount(): number {
    return this.#running + this.#waiting.length;
  }

  /** @throws PoolFull, WorkerRefusal */
  async run<T>(message: FrameMessage, withinMs: number | undefined): Promise<Outcome<T>> {
    if (this.#waiting.length >= MAX_WAITING) throw new PoolFull('too many frames wait');
    const answer = this.#runInTurn<T>(message);
    if (withinMs === undefined) return answer;
    const outcome = await Promise.race([answer, lateAfter(withinMs)]);
    if (outcome !== 'late') return outcome;
    answer.catch(() => undefined); // the frame has its response
    return { kind: 'late' };
  }

  async #runInTurn<T>(message: FrameMessage): Promise<Outcome<T>> {
    if (this.#running >= MAX_RUNNING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
    const { process } = this;
    try {
      const value = await askWithin<T>(process, { ...message, session: crypto.randomUUID() });
      return { kind: 'done', value, memoryBytes: readMemoryBytes(process.pid) };
    } catch (error) {
      if (error instanceof ProcessEnded) return { kind: 'lost', reason: error.message };
      throw error;
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
