export { systemContext } from './clock-ctx.ts';
export { deliver, type KeepAlive, type DeliveryOutcome, type DeliveryResult } from './consume-ticket.ts';
export type { WakeupQueue, Wakeup } from './delivery.ports.ts';
export { deliveryRoutes } from './delivery.routes.ts';
export { publish, returnWakeups, type SweptDeliveries, sweepDeliveries } from './publish.ts';
