import type { Services } from './context.ts';
import type { Queries } from '../db/index.ts';
import { type IdempotencyKey, replayIfStored, selectIdempotencyRecord } from '../idempotency/index.ts';

/** Looks up the response of an idempotency key once: with the verb's first read, or before its first commit. */
export interface ReplayGuard {
  /** The key that must be looked up; undefined when there is none or it was looked up before. */
  takeKey(): IdempotencyKey | undefined;
  select(q: Queries, key: IdempotencyKey): ReturnType<typeof selectIdempotencyRecord>;
  /** @throws IdempotentReplay or AppError `idempotency.key_reused` when the key was used before */
  check(records: { requestHash: string; reply: string }[], key: IdempotencyKey): Promise<void>;
}

export function createReplayGuard(
  key: IdempotencyKey | undefined,
  { clock, vault }: Pick<Services, 'clock' | 'vault'>,
): ReplayGuard {
  let pendingKey = key;
  return {
    takeKey() {
      const taken = pendingKey;
      pendingKey = undefined;
      return taken;
    },
    select: (q, each) => selectIdempotencyRecord(q, each, new Date(clock.now())),
    check: (records, each) => replayIfStored(records, each, vault),
  };
}
