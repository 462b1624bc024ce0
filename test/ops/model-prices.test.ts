import type { Provider } from '@pydantic/genai-prices';
import { describe, expect, it } from 'vitest';
import { formatDecimal } from '../../src/kernel/money/index.ts';
import {
  readProviders,
  readSource,
  startOf,
  storeModelPrices,
} from '../../workers/ops/import-model-prices.ts';
import { modelPrices } from '../../workers/ops/model-prices.ts';
import { ownerSql } from '../contract/sql.ts';
import { createTestApp } from '../support/app.ts';

const FROM = '2026-06-01T00:00:00.000Z';
const options = { from: FROM, source: 'test' };

const provider = (prices: Provider['models'][number]['prices']): Provider[] => [
  { id: 'p', name: 'P', api_pattern: '', models: [{ id: 'm', match: { equals: 'm' }, prices }] },
];
const list = (prices: Provider['models'][number]['prices']) => {
  const found = modelPrices(provider(prices), options);
  return {
    prices: found.prices.map(({ meter, unitPrice, startsAt }) => [meter, unitPrice, startsAt.slice(0, 10)]),
    skipped: found.skipped.map(({ price, reason }) => `${price}: ${reason}`),
  };
};

describe('the prices of a model', () => {
  it('are those of a million tokens, as the decimal numbers that they were written with', () => {
    const { prices } = modelPrices(provider({ input_mtok: 0.1, cache_read_mtok: 0.0375 }), options);
    expect(prices).toEqual([
      {
        meter: 'ai_input_tokens',
        provider: 'p',
        region: null,
        model: 'm',
        service: null,
        unitPrice: '0.1',
        unitQuantity: 1_000_000,
        startsAt: FROM,
        endsAt: null,
        source: 'test',
      },
      expect.objectContaining({ meter: 'ai_cache_read_tokens', unitPrice: '0.0375' }),
    ]);
  });

  it('that are not exact, depend on the amount or the time of day, or have no meter are skipped and reported', () => {
    const tiers = { base: 1, tiers: [{ start: 200_000, price: 2 }] };
    expect(
      list({
        input_mtok: 0.18000000000000002,
        output_mtok: tiers,
        web_searches_kcount: 10,
        cache_read_mtok: 1e-7,
      }),
    ).toEqual({
      prices: [],
      skipped: [
        'input_mtok from 2026-06-01: is no decimal number with at most 9 decimals: 0.18000000000000002',
        'output_mtok from 2026-06-01: depends on the amount that is used',
        'web_searches_kcount from 2026-06-01: no meter counts what it prices',
        'cache_read_mtok from 2026-06-01: is no decimal number with at most 9 decimals: 1e-7',
      ],
    });
    const night = { type: 'time_of_date', start_time: '00:30:00Z', end_time: '16:30:00Z' } as const;
    expect(list([{ prices: { input_mtok: 2 } }, { constraint: night, prices: { input_mtok: 1 } }])).toEqual({
      prices: [],
      skipped: ['all: depends on the time of day'],
    });
  });

  it('begin at the moment that is given, and later ones at their start', () => {
    const since = (start_date: string) => ({ type: 'start_date', start_date }) as const;
    expect(
      list([
        { prices: { input_mtok: 1 } },
        { constraint: since('2026-03-01'), prices: { input_mtok: 2 } },
        { constraint: since('2026-09-01'), prices: { input_mtok: 3 } },
      ]),
    ).toEqual({
      prices: [
        ['ai_input_tokens', '2', '2026-06-01'],
        ['ai_input_tokens', '3', '2026-09-01'],
      ],
      skipped: [],
    });
  });
});

it('the prices of the package are stored exactly, and a second time nothing is', async () => {
  const app = createTestApp();
  const send = (path: string, body: object) => app.send('POST', path, { token: app.operator, body });
  const providers = await readProviders(['anthropic', 'openai']);
  const prices = modelPrices(providers, { from: FROM, source: await readSource() });
  expect(prices.prices.length).toBeGreaterThan(100);
  const { length } = prices.prices;
  expect(await storeModelPrices(prices, send)).toEqual({ created: length, unchanged: 0 });
  expect(await storeModelPrices(prices, send)).toEqual({ created: 0, unchanged: length });
  const rows = await ownerSql<{ service: string | null; nanos: string; source: string }>(
    `select service, nanos::text as nanos, source from price_versions
     where provider = 'anthropic' and meter = 'ai_input_tokens' and model = 'claude-3-5-haiku-latest' order by nanos desc`,
  );
  const source = expect.stringMatching(/^@pydantic\/genai-prices \d/);
  // Anthropic charges half in batches.
  expect(rows).toEqual([
    { service: null, nanos: '800000000', source },
    { service: 'batch', nanos: '400000000', source },
  ]);
  expect(formatDecimal(BigInt(rows[0]!.nanos), 9)).toBe('0.8');
});

it('a provider or a date that there is not is refused', async () => {
  await expect(readProviders(['nobody'])).rejects.toThrow('no provider nobody; there are anthropic');
  expect(startOf('2026-12-01')).toBe('2026-12-01T00:00:00.000Z');
  for (const date of ['2026-02-30', 'today', '2026-1-1'])
    expect(() => startOf(date)).toThrow('--from is a date');
});
