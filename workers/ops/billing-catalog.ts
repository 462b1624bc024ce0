/**
 * `npm run billing:catalog`: makes the products, prices and meters at the accounts of `STRIPE_SECRET_KEY` and `PADDLE_API_KEY` that
 * they do not have yet. `npm start` does the same with the stand-in.
 */
import { createPaddleProvider } from '../../src/billing/providers/paddle/index.ts';
import type { ProviderFactory } from '../../src/billing/providers/index.ts';
import { createStripeProvider } from '../../src/billing/providers/stripe/index.ts';
import { systemClock } from '../../src/kernel/core/index.ts';
import { CommandError, runCommand } from '../local/command-error.ts';

function listProviders(env: NodeJS.ProcessEnv): ProviderFactory[] {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL, PADDLE_API_KEY: apiKey, PADDLE_API_URL } = env;
  const webhookSecret = ''; // No webhook is received here.
  return [
    ...(secretKey
      ? [createStripeProvider({ secretKey, webhookSecret, apiUrl: STRIPE_API_URL || undefined }, systemClock)]
      : []),
    ...(apiKey
      ? [createPaddleProvider({ apiKey, webhookSecret, apiUrl: PADDLE_API_URL || undefined }, systemClock)]
      : []),
  ];
}

async function main(): Promise<void> {
  const providers = listProviders(process.env);
  if (providers.length === 0)
    throw new CommandError('STRIPE_SECRET_KEY or PADDLE_API_KEY is the key of the account; neither is set');
  for (const open of providers) {
    const provider = open();
    const made = await provider.ensureCatalog();
    console.log(
      `${provider.name}: ${made.length === 0 ? 'the catalogue is complete' : `made ${made.join(', ')}`}`,
    );
  }
}

await runCommand('billing:catalog', main);
