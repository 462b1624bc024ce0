export { createStripeProvider, type StripeConfig } from './create-stripe-provider.ts';
