export { consumeTicket, type Outcome, type Settlement } from './consume-ticket.ts';
export type { OutboxQueue, Ticket } from './delivery.ports.ts';
export { publish, returnTickets, type Swept, sweepOutbox } from './publish.ts';
