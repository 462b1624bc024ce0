/**
 * `OPERATOR_TOKEN=… npm run prices:models -- [--url http://localhost:8787] [--provider anthropic]… [--from 2026-12-01]
 * [--dry-run]`: stores the prices of AI models that the package `@pydantic/genai-prices` has. Repeating it stores what has changed
 * since. Without `--from` prices apply from today on, UTC.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Provider, waitForUpdate } from '@pydantic/genai-prices';
import { MAX_PRICES } from '../../src/billing/prices/index.ts';
import { CommandError, runCommand } from '../local/command-error.ts';
import { modelPrices, type ModelPrices } from './model-prices.ts';

const PACKAGE = '@pydantic/genai-prices';

/** Sends a request to the API, and returns status and JSON. */
export type SendToApi = (path: string, body: object) => Promise<{ status: number; body: unknown }>;

/** The providers of the package. @throws CommandError for an id that there is not */
export async function readProviders(ids: readonly string[]): Promise<Provider[]> {
  // The data that the package was published with: it asks the network only when it is set up to.
  const all = (await waitForUpdate()) ?? [];
  const unknown = ids.filter((id) => !all.some((provider) => provider.id === id));
  if (unknown.length > 0)
    throw new CommandError(
      `no provider ${unknown.join(', ')}; there are ${all.map(({ id }) => id).join(', ')}`,
    );
  return ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id));
}

/** The name of the package with its version, which each price names as its source. */
export async function readSource(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve(PACKAGE);
  const { version } = JSON.parse(await readFile(join(dirname(entry), '../package.json'), 'utf8')) as {
    version: string;
  };
  return `${PACKAGE} ${version}`;
}

/** @throws CommandError for a text that is no date */
export function startOf(date: string): string {
  const startsAt = `${date}T00:00:00.000Z`;
  if (Number.isNaN(Date.parse(startsAt)) || new Date(startsAt).toISOString() !== startsAt)
    throw new CommandError(`--from is a date such as 2026-12-01, not ${date}`);
  return startsAt;
}

/**
 * Stores prices, in as many requests as they need; a request that fails does not undo the earlier ones, and can be
 * repeated.
 * @throws CommandError when the API does not take them
 */
export async function storeModelPrices(
  { prices }: Pick<ModelPrices, 'prices'>,
  send: SendToApi,
): Promise<{ created: number; unchanged: number }> {
  const stored = { created: 0, unchanged: 0 };
  for (let at = 0; at < prices.length; at += MAX_PRICES) {
    const { status, body } = await send('/api/v1/operator/prices', {
      prices: prices.slice(at, at + MAX_PRICES),
    });
    if (status !== 200) throw new CommandError(`the API answered ${status}: ${JSON.stringify(body)}`);
    const { created, unchangedCount } = body as { created: unknown[]; unchangedCount: number };
    stored.created += created.length;
    stored.unchanged += unchangedCount;
  }
  return stored;
}

const sendTo =
  (url: string, token: string): SendToApi =>
  async (path, body) => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:8787' },
      provider: { type: 'string', multiple: true, default: [] },
      from: { type: 'string', default: new Date().toISOString().slice(0, 10) },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const list = modelPrices(await readProviders(values.provider), {
    from: startOf(values.from),
    source: await readSource(),
  });
  for (const { provider, model, price, reason } of list.skipped)
    console.log(`skipped ${provider} ${model} ${price}: ${reason}`);
  console.log(`${list.prices.length} prices can be stored, ${list.skipped.length} were skipped`);
  if (values['dry-run']) return;
  const token = process.env.OPERATOR_TOKEN;
  if (!token) throw new CommandError('OPERATOR_TOKEN is the token of the operator; it is not set');
  const { created, unchanged } = await storeModelPrices(list, sendTo(values.url, token));
  console.log(`${created} stored, ${unchanged} unchanged`);
}

if (import.meta.main) await runCommand('prices:models', main);
