import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PoolFull } from '../frames/single-frames.ts';
import { ObjectProcess } from './object-process.ts';
import { Turns } from './turns.ts';

const MAX_WAITING = 32;
/** Tasks of one named owner, so that the others are not refused because of it. */
const MAX_WAITING_OF_OWNER = 16;
export interface TaskQueueOptions {
  /** How many work at the same time. */
  processes: number;
  maxProcessBytes: number;
  workFolder: string;
}

/** Resources of a task: a folder of its own, and a process that ends with it. */
export interface TaskRun {
  folder: string;
  signal: AbortSignal;
  process: ObjectProcess;
}

/**
 * Objects are worked on in turn, each in a process and a folder of its own; both are gone afterwards. Owners take
 * turns, so that an owner with many objects does not make others wait for all of them.
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
    const process = new ObjectProcess(this.#options.maxProcessBytes, signal);
    try {
      folder = await mkdtemp(join(this.#options.workFolder, 'auralink-object-'));
      signal.throwIfAborted();
      return await work({ folder, signal, process });
    } finally {
      await process.end();
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
}
