export { subscriptionReported } from './provider-events.events.ts';
