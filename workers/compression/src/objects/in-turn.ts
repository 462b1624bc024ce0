import { MemoryExceeded } from '../processes/worker-process.ts';
import type { TaskQueue, TaskRun } from './task-queue.ts';

/** A content takes more time or memory than is given to one, and will again. */
export class TooCostly extends Error {
  override readonly name = 'TooCostly';
}

interface Turn {
  owner: string;
  signal: AbortSignal;
  /** Counted from its turn: what waits before it is not its fault. */
  seconds: number;
}

/** Works on a content in the turn of its owner. @throws TooCostly; what the queue and the work throw */
export async function inTurn<T>(
  queue: TaskQueue,
  { owner, signal, seconds }: Turn,
  work: (run: TaskRun) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const stop = () => limit.abort(new TooCostly(`the content takes more than ${seconds} seconds`));
  try {
    return await queue.run(owner, AbortSignal.any([signal, limit.signal]), async (run) => {
      const timer = setTimeout(stop, seconds * 1_000);
      return work(run).finally(() => clearTimeout(timer));
    });
  } catch (error) {
    throw error instanceof MemoryExceeded ? new TooCostly(error.message, { cause: error }) : error;
  }
}
