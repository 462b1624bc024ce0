import { isUnavailable, storedFailureOf } from './create-stripe-client.ts';

/**
 * Number of keys that are derived only from the first one; later ones also contain the id of Stripe's answer, so that
 * they are new.
 */
const MAX_DERIVED = 10;
/** The number of own failures after which a change is given up. */
const MAX_FAILURES = 2;

const keyAt = (key: string, number: number, answerId = ''): string =>
  number === 1 ? key : `${key}/${number <= MAX_DERIVED ? number : answerId}`;

/**
 * Makes a change with an idempotency key. While there is no answer, the same key is sent again, so that the change is
 * made once. A failure that Stripe has stored for the key may be outdated: then the change is tried with the next key.
 * This happens after a 500, which may have done its work, and after an earlier failure with this key, for example of a
 * card that was replaced since.
 * @param work called for each key; if doing it twice would do harm, it has to find the results of a failed attempt
 * itself
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
