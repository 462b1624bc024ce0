export { type DomainEvent, partitionOf, eventsStatement } from './write-events.ts';
export { defineSubscription, type Delivery, type Subscription } from './subscribe.ts';
/** For `platform/delivery`, which moves the rows on. */
export { outbox, OUTBOX_STATUSES } from './outbox.tables.ts';
