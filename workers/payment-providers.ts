import { createPayments } from '../src/billing/providers/index.ts';
import { createPaddleProvider } from '../src/billing/providers/paddle/index.ts';
import { createStripeProvider } from '../src/billing/providers/stripe/index.ts';
import type { Config } from '../src/kernel/config/index.ts';
import { systemClock } from '../src/kernel/core/index.ts';

function buildStripe({
  STRIPE_SECRET_KEY: secretKey,
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  ...config
}: Config) {
  if (!secretKey || !webhookSecret) return undefined;
  return createStripeProvider({ secretKey, webhookSecret, apiUrl: config.STRIPE_API_URL }, systemClock);
}

function buildPaddle({ PADDLE_API_KEY: apiKey, PADDLE_WEBHOOK_SECRET: webhookSecret, ...config }: Config) {
  if (!apiKey || !webhookSecret) return undefined;
  return createPaddleProvider({ apiKey, webhookSecret, apiUrl: config.PADDLE_API_URL }, systemClock);
}

/** The payment providers of the configuration. */
export function buildPayments(config: Config) {
  const [stripe, paddle] = [buildStripe(config), buildPaddle(config)];
  return createPayments(
    { ...(stripe ? { stripe } : {}), ...(paddle ? { paddle } : {}) },
    config.PAYMENT_PROVIDER,
  );
}
