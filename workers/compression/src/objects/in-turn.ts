import { PoolFull } from '../frames/single-frames.ts';
import { MemoryExceeded } from '../processes/worker-process.ts';
import type { TaskQueue, TaskRun } from './task-queue.ts';

/** A content takes more time or memory than is given to one, and will again. */
export class TooCostly extends Error {
  override readonly name = 'TooCostly';
}

interface Turn {
  owner: string;
  signal: AbortSignal;
  /** Until its turn comes; its caller has to know that it was not begun. */
  waitSeconds: number;
  /** Counted from its turn: what waits before it is not its fault. */
  seconds: number;
}

/** Works on a content in the turn of its owner. @throws PoolFull when its turn does not come; TooCostly; what the queue and the work throw */
export async function inTurn<T>(
  queue: TaskQueue,
  { owner, signal, waitSeconds, seconds }: Turn,
  work: (run: TaskRun) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const miss = () => limit.abort(new PoolFull(`its turn did not come within ${waitSeconds} seconds`));
  const waiting = setTimeout(miss, waitSeconds * 1_000);
  const stop = () => limit.abort(new TooCostly(`the content takes more than ${seconds} seconds`));
  try {
    return await queue.run(owner, AbortSignal.any([signal, limit.signal]), async (run) => {
      clearTimeout(waiting);
      const timer = setTimeout(stop, seconds * 1_000);
      return work(run).finally(() => clearTimeout(timer));
    });
  } catch (error) {
    throw error instanceof MemoryExceeded ? new TooCostly(error.message, { cause: error }) : error;
  } finally {
    clearTimeout(waiting);
  }
}
