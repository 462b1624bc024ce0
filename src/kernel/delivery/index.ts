export { attempt } from './attempt.ts';
export { deliver, type DeliveryOutcome, type DeliveryResult } from './deliver.ts';
export { reopenDeliveries } from './delivery.queries.ts';
export type { Wakeup, WakeupQueue } from './delivery.ports.ts';
export { publish, returnWakeups, type SweptDeliveries, sweepDeliveries } from './publish.ts';
export { publishEach } from './publish-each.ts';
export { publishPromptly } from './publish-promptly.ts';
export { createEventCatalogue, createSubscriptions, type Subscriptions } from './registry.ts';
export { type Delivery, subscribe, type Subscription, type SubscriptionOptions } from './subscribe.ts';

export { runAsSystem, runSweep, type SweepOutcome } from './run-as-system.ts';
