import { join } from 'node:path';
import { createPaddleProvider } from '../../src/billing/providers/paddle/index.ts';
import type { ProviderFactory } from '../../src/billing/providers/index.ts';
import { createStripeProvider } from '../../src/billing/providers/stripe/index.ts';
import type { LocalServer } from './listen.ts';
import { servePaddle } from './paddle/serve-paddle.ts';
import type { LocalPorts } from './ports.ts';
import type { Secrets } from './secrets.ts';
import { serveStripe } from './stripe/serve-stripe.ts';

const systemClock = { now: () => Date.now() };

type Environment = Readonly<Record<string, string | undefined>>;

interface PaymentOptions {
  ports: LocalPorts;
  dataDir: string;
  secrets: Secrets;
  env?: Environment;
}

const isPaddle = (env: Environment) => env.PAYMENT_PROVIDER === 'paddle';

/**
 * How the Worker reaches the stand-in of the payment provider: Stripe's, or Paddle's with `PAYMENT_PROVIDER=paddle`. Nothing when
 * the environment names an account of that provider.
 */
export function paymentSettings({ ports, secrets, env = process.env }: Omit<PaymentOptions, 'dataDir'>) {
  const apiUrl = `http://127.0.0.1:${ports.payments}`;
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, PADDLE_API_KEY, PADDLE_WEBHOOK_SECRET } = secrets;
  if (isPaddle(env))
    return env.PADDLE_API_KEY ? {} : { PADDLE_API_KEY, PADDLE_WEBHOOK_SECRET, PADDLE_API_URL: apiUrl };
  return env.STRIPE_SECRET_KEY ? {} : { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_URL: apiUrl };
}

/** Runs the stand-in with the catalogue made; its webhooks go to the product. */
export async function servePayments({
  ports,
  dataDir,
  secrets,
  env = process.env,
}: PaymentOptions): Promise<LocalServer> {
  const product = `http://127.0.0.1:${ports.api}`;
  let server: LocalServer;
  let provider: ProviderFactory;
  if (isPaddle(env)) {
    const [apiKey, secret] = [secrets.PADDLE_API_KEY ?? '', secrets.PADDLE_WEBHOOK_SECRET ?? ''];
    const webhook = { url: `${product}/webhooks/paddle`, secret };
    server = await servePaddle({ port: ports.payments, apiKey, webhook, file: join(dataDir, 'paddle.json') });
    provider = createPaddleProvider({ apiKey, webhookSecret: secret, apiUrl: server.url }, systemClock);
  } else {
    const [secretKey, secret] = [secrets.STRIPE_SECRET_KEY ?? '', secrets.STRIPE_WEBHOOK_SECRET ?? ''];
    const webhook = { url: `${product}/webhooks/stripe`, secret };
    server = await serveStripe({
      port: ports.payments,
      secretKey,
      webhook,
      file: join(dataDir, 'stripe.json'),
    });
    provider = createStripeProvider({ secretKey, webhookSecret: secret, apiUrl: server.url }, systemClock);
  }
  await provider().ensureCatalog();
  return server;
}
