import { StripeFailure } from './errors.ts';

export interface StoredAnswer {
  status: number;
  body: string;
}

const KEEP_SECONDS = 24 * 3_600;

/** Answers by idempotency key. */
export class IdempotentAnswers {
  readonly #answers = new Map<string, StoredAnswer & { request: string; at: number }>();

  /** @throws StripeFailure 400 when the key came with another request */
  find(key: string, request: string, now: number): StoredAnswer | undefined {
    const found = this.#answers.get(key);
    if (found === undefined || found.at + KEEP_SECONDS < now) return undefined;
    if (found.request === request) return found;
    throw new StripeFailure(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    });
  }

  store(key: string, request: string, now: number, answer: StoredAnswer): void {
    this.#answers.set(key, { ...answer, request, at: now });
  }
}
