import { serverErrors } from '../src/kernel/core/index.ts';

/** The answer of an object. @throws AppError `server.unavailable` when there is none */
export async function reach<T>(what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw serverErrors.unavailable({ detail: `${what} is not available`, cause });
  }
}
