import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkerProcess } from '../processes/worker-process.ts';
import { PoolFull } from '../frames/single-frames.ts';
import type { ObjectTask, TaskProgress, TaskResults } from './object-messages.ts';
import { Turns } from './turns.ts';

const WORKER = join(import.meta.dirname, 'worker.ts');
const MAX_WAITING = 32;
/** Of one that is named, so that the others are not refused because of it. */
const MAX_WAITING_OF_OWNER = 16;
/**
 * What is freed goes back to the system. Otherwise the pictures of one encoding stay beside those of the next: a process of
 * several encodings then takes twice as much, while this costs 3 % of its time.
 */
const RETURN_MEMORY = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

export interface TaskQueueOptions {
  /** How many work at the same time. */
  processes: number;
  maxProcessBytes: number;
  workFolder: string;
}

/** What a task works with: a folder of its own, and a process that ends with it. */
export interface TaskRun {
  folder: string;
  signal: AbortSignal;
  /** @throws WorkerRefusal, ProcessEnded */
  ask<Task extends ObjectTask>(
    task: Task,
    onProgress?: (progress: TaskProgress) => void,
  ): Promise<{ value: TaskResults[Task['type']]; peakBytes: number }>;
}

/**
 * Objects are worked on in turn, each in a process and a folder of its own; both are gone afterwards. Owners take turns, so that one
 * who sends many does not keep another waiting for all of them.
 */
export class TaskQueue {
  #options: TaskQueueOptions;
  #running = 0;
  readonly #waiting = new Turns<() => void>();

  constructor(options: TaskQueueOptions) {
    this.#options = options;
  }

  /** @throws PoolFull; the reason of the signal */
  async run<T>(owner: string, signal: AbortSignal, work: (run: TaskRun) => Promise<T>): Promise<T> {
    if (this.#running < this.#options.processes) this.#running++;
    else await this.#waitForTurn(owner, signal);
    let folder: string | undefined;
    try {
      folder = await mkdtemp(join(this.#options.workFolder, 'auralink-object-'));
      signal.throwIfAborted();
      return await work({ folder, signal, ask: (task, onProgress) => this.#ask(task, signal, onProgress) });
    } finally {
      // The place goes to the next without being free between.
      const enter = this.#waiting.take();
      if (enter) enter();
      else this.#running--;
      if (folder) await rm(folder, { recursive: true, force: true });
    }
  }

  #waitForTurn(owner: string, signal: AbortSignal): Promise<void> {
    const most = owner === '' ? MAX_WAITING : MAX_WAITING_OF_OWNER;
    if (this.#waiting.size >= MAX_WAITING || this.#waiting.sizeOf(owner) >= most)
      throw new PoolFull('too many objects wait');
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.remove(owner, enter);
        reject(signal.reason as Error);
      };
      const enter = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.#waiting.add(owner, enter);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  async #ask<Task extends ObjectTask>(
    task: Task,
    signal: AbortSignal,
    onProgress?: (progress: TaskProgress) => void,
  ) {
    // A signal that was aborted while the input was read raises no event any more.
    signal.throwIfAborted();
    const worker = new WorkerProcess(WORKER, this.#options.maxProcessBytes, RETURN_MEMORY);
    const cancel = () => worker.end('the work was cancelled');
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const value = await worker.ask<TaskResults[Task['type']]>(task, onProgress);
      return { value, peakBytes: worker.peakBytes };
    } catch (error) {
      signal.throwIfAborted(); // which says why the process was ended
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      cancel();
      await worker.ended;
    }
  }
}
