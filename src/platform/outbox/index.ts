export { type Effect, laneOf, outboxStatement } from './emit.ts';
export { defineJob, type Delivery, type Job } from './job.ts';
/** For `platform/delivery`, which moves the rows on. */
export { outbox, OUTBOX_STATUSES } from './outbox.tables.ts';
