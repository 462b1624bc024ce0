import { isUnavailable, storedFailureOf } from './create-stripe-client.ts';

/** Keys that follow from the first one alone; a later one also has the id of Stripe's answer, so that it is new. */
const MAX_DERIVED = 10;
/** Failures of its own after which a change is given up. */
const MAX_FAILURES = 2;

const keyAt = (key: string, number: number, answerId = ''): string =>
  number === 1 ? key : `${key}/${number <= MAX_DERIVED ? number : answerId}`;

/**
 * Makes a change with an idempotency key. While no answer came, the same key is sent again, so that the change is made once. A failure
 * that Stripe has stored for the key says nothing about now: then the change is tried with the next key. So it is after a 500, which
 * may have done its work, and when an earlier request with this key failed, as with a card that has been replaced since.
 * @param work must find out itself what an attempt that failed has done, when doing it twice would do harm; called for each key
 */
export async function runChange<T>(
  key: string,
  work: (idempotencyKey: string, isFirst: boolean) => Promise<T>,
): Promise<T> {
  let failures = 0;
  let answerId: string | undefined;
  for (let number = 1; ; number++) {
    try {
      return await work(keyAt(key, number, answerId), number === 1);
    } catch (error) {
      const stored = storedFailureOf(error);
      if (!stored || number > MAX_DERIVED + MAX_FAILURES) throw error;
      answerId = stored.failure.requestId;
      if (stored.isEarlier) continue;
      failures += 1;
      if (!isUnavailable(error) || failures === MAX_FAILURES) throw error;
    }
  }
}
