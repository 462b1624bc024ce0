export { type DomainEvent, partitionOf, eventsStatement } from './emit.ts';
export { defineSubscription, type Delivery, type Subscription } from './job.ts';
/** For `platform/delivery`, which moves the rows on. */
export { outbox, OUTBOX_STATUSES } from './outbox.tables.ts';
