import { join } from 'node:path';
import { readMemoryBytes, WorkerProcess } from '../processes/worker-process.ts';
import type { ObjectTask, TaskProgress, TaskResults } from './object-messages.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');
/**
 * Freed memory goes back to the system. Otherwise the pictures of one encoding stay beside those of the next, and with a heap for each
 * thread also where nothing is kept.
 */
const RETURN_MEMORY = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};
/**
 * A process that has more than this share of its limit after a step is replaced before the next one. SVT-AV1 3.1 leaves 10 to 50 MiB of each
 * encoder of 720p behind, and a recording of some minutes has two dozens of them.
 */
const KEPT_SHARE = 1 / 6;

/** The process that works on one object: one after the other, where its encoders leave too much behind. */
export class ObjectProcess {
  /** The most that it had in memory at once. */
  peakBytes = 0;
  readonly #maxBytes: number;
  readonly #signal: AbortSignal;
  #worker: WorkerProcess | undefined;

  constructor(maxBytes: number, signal: AbortSignal) {
    this.#maxBytes = maxBytes;
    this.#signal = signal;
  }

  /** @throws WorkerRefusal, ProcessEnded; the reason of the signal */
  async ask<Task extends ObjectTask>(
    task: Task,
    onProgress?: (progress: TaskProgress) => void,
  ): Promise<TaskResults[Task['type']]> {
    // A signal that was aborted while the input was read raises no event any more.
    this.#signal.throwIfAborted();
    const worker = await this.#open();
    const cancel = () => worker.end('the work was cancelled');
    this.#signal.addEventListener('abort', cancel, { once: true });
    try {
      return await worker.ask<TaskResults[Task['type']]>(task, onProgress);
    } catch (error) {
      this.#signal.throwIfAborted(); // which says why the process was ended
      throw error;
    } finally {
      this.#signal.removeEventListener('abort', cancel);
      this.peakBytes = Math.max(this.peakBytes, worker.peakBytes);
    }
  }

  async end(): Promise<void> {
    this.#worker?.end('the work is over');
    await this.#worker?.ended;
    this.#worker = undefined;
  }

  async #open(): Promise<WorkerProcess> {
    if (this.#worker && readMemoryBytes(this.#worker.pid) > this.#maxBytes * KEPT_SHARE) await this.end();
    this.#signal.throwIfAborted();
    return (this.#worker ??= new WorkerProcess(WORKER, this.#maxBytes, RETURN_MEMORY));
  }
}
