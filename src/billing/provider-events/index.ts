export { invoiceReported, subscriptionReported } from './provider-events.events.ts';
