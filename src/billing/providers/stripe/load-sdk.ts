/** Loads Stripe's SDK at its first use: an isolate that serves calls does not pay for it. */
export const loadSdk = async () => (await import('stripe')).Stripe;
