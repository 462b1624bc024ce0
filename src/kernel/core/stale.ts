import { requestErrors } from './core.errors.ts';
import { type AppError, isError } from './errors.ts';

/** Whether a commit failed because a row that it changes is no longer as it was read (`request.stale`). */
export const isStale = (error: unknown): error is AppError => isError(error, requestErrors.stale);

/**
 * Runs `work`, which reads, decides and commits; runs it again while the commit is stale and attempts are left.
 * @param attempts how often at most, the first time included
 * @throws AppError `request.stale` when the last attempt was stale, too; any other error at once
 */
export async function retryStale<T>(attempts: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work();
    } catch (error) {
      if (!isStale(error) || attempt >= attempts) throw error;
    }
}
