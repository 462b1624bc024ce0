export { clockCtx } from './clock-ctx.ts';
export { consumeTicket, type KeepAlive, type Outcome, type Settlement } from './consume-ticket.ts';
export type { OutboxQueue, Ticket } from './delivery.ports.ts';
export { deliveryRoutes } from './delivery.routes.ts';
export { publish, returnTickets, type Swept, sweepOutbox } from './publish.ts';
