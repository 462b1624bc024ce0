import type { Generation, GenerationFailure } from '../generations/index.ts';
import { NO_USAGE } from '../generations/index.ts';
import type { BatchResult, FailureKind } from '../providers/index.ts';
import { BATCH_RESULTS } from './generation-batches.enums.ts';
import type { Batch, BatchRequestRow } from './generation-batches.tables.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** How long the results of a batch are kept. */
export const KEEP_MS = 7 * DAY_MS;
/** A provider ends a batch within a day; one whose results cannot be read for another day has failed. */
export const LATEST_MS = 2 * DAY_MS;
/** Longer than one look at a batch takes, so that two never overlap. */
export const CLAIM_MS = 5 * MINUTE_MS;

/** The time until the next look: a tenth of the age, between a minute and a quarter of an hour. */
export const pollDelayMs = (ageMs: number): number =>
  Math.min(Math.max(Math.floor(ageMs / 10), MINUTE_MS), 15 * MINUTE_MS);

/** Failures after which the provider has certainly not taken a batch. Others may have cost something. */
const NOT_TAKEN: ReadonlySet<FailureKind> = new Set([
  'key_refused',
  'request_refused',
  'no_credit',
  'busy',
  'overloaded',
] satisfies FailureKind[]);
export const isTaken = (failure: FailureKind): boolean => !NOT_TAKEN.has(failure);

/** Results that will be the same when they are read again. */
export const isFinal = (failure: FailureKind): boolean =>
  failure === 'malformed' || failure === 'too_large' || failure === 'request_refused';

const failureOf = (result: BatchResult): GenerationFailure | null => {
  switch (result.kind) {
    case 'errored':
      return result.errorType === 'invalid_request_error' ? 'request_refused' : 'unavailable';
    case 'expired':
      return 'out_of_time';
    case 'unreadable':
      return 'malformed';
    case 'succeeded':
    case 'canceled':
      return null;
  }
};

const STATUSES = {
  succeeded: 'completed',
  errored: 'failed',
  expired: 'failed',
  unreadable: 'failed',
  canceled: 'cancelled',
} as const;

/** The generation that records the result of a request. It has no duration, because nothing has waited for it. */
export const generationOf = (
  batch: Batch,
  { model }: BatchRequestRow,
  result: BatchResult,
  { id, now }: { id: string; now: Date },
): Generation => ({
  id,
  organizationId: batch.organizationId,
  userId: batch.userId,
  apiKeyId: batch.apiKeyId,
  origin: { feature: 'batches', service: 'batch' },
  status: STATUSES[result.kind],
  failure: failureOf(result),
  stopReason: result.kind === 'succeeded' ? result.stopReason : null,
  provider: batch.provider,
  model,
  ownKey: batch.ownKey,
  usageState: result.kind === 'succeeded' ? 'exact' : 'none',
  ...(result.kind === 'succeeded' ? result.usage : NO_USAGE),
  firstOutputMs: null,
  durationMs: null,
  attempts: [],
  route: null,
  reused: null,
  hedge: null,
  createdAt: batch.createdAt,
  endedAt: now,
  version: 1,
});

/** A batch in the audit log. */
export const batchTarget = (id: string) => ({ type: 'ai_batch', id });

/** How many results there are of each kind. */
export const countResults = (results: readonly BatchResult[]): Record<string, number> =>
  Object.fromEntries(
    BATCH_RESULTS.map((kind) => [kind, results.filter((result) => result.kind === kind).length]),
  );

export const associatedDataOf = ({ batchId, position }: Pick<BatchRequestRow, 'batchId' | 'position'>) =>
  `ai_batch_requests.sealed_output.${batchId}.${position}`;
