export {
  type IdempotencyKey,
  IdempotentReplay,
  idempotencyStatement,
  replayIfStored,
  type StoredReply,
} from './idempotency.ts';
export { selectIdempotencyRecord } from './idempotency.queries.ts';
export { sweepIdempotencyRecords } from './sweep-idempotency-records.ts';
