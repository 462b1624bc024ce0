/**
 * `npm run billing:catalog`: makes the products, prices and meters at the Stripe account of `STRIPE_SECRET_KEY` that it does not
 * have yet. `npm start` does the same with the stand-in.
 */
import { createStripeProvider, type StripeConfig } from '../../src/billing/stripe/index.ts';
import { systemClock } from '../../src/kernel/core/index.ts';
import { CommandError, runCommand } from '../local/command-error.ts';

/** @returns the keys of the prices that were made @throws Error when a price exists with another amount */
export const makeCatalog = (config: StripeConfig): Promise<string[]> =>
  createStripeProvider(config, systemClock)().ensureCatalog();

async function main(): Promise<void> {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_URL: apiUrl } = process.env;
  if (!secretKey) throw new CommandError('STRIPE_SECRET_KEY is the key of the account; it is not set');
  const made = await makeCatalog({ secretKey, webhookSecret: '', apiUrl: apiUrl || undefined });
  console.log(made.length === 0 ? 'the catalogue is complete' : `made ${made.join(', ')}`);
}

if (import.meta.main) await runCommand('billing:catalog', main);
