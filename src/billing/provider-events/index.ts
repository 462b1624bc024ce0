export { customerReported, invoiceReported, subscriptionReported } from './provider-events.events.ts';
