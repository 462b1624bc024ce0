export { systemContext } from './system-context.ts';
export { deliver, type KeepAlive, type DeliveryOutcome, type DeliveryResult } from './deliver.ts';
export type { WakeupQueue, Wakeup } from './delivery.ports.ts';
export { deliveryRoutes } from './delivery.routes.ts';
export { publish, returnWakeups, type SweptDeliveries, sweepDeliveries } from './publish.ts';
