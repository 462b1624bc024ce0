export {
  type IdempotencyKey,
  IdempotentReplay,
  recordStatement,
  replayIfKnown,
  type StoredReply,
} from './idempotency.ts';
export { findRecord } from './idempotency.queries.ts';
export { sweepRecords } from './sweep.ts';
