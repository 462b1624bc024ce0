import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INCLUDED_METERS } from '../../src/identity/entitlements/index.ts';
import { paymentSettings, servePayments } from '../../workers/local/payments.ts';
import { derivePorts } from '../../workers/local/ports.ts';

const secrets = {
  STRIPE_SECRET_KEY: 'sk_test_copy',
  STRIPE_WEBHOOK_SECRET: 'whsec_copy',
  PADDLE_API_KEY: 'pdl_test_copy',
  PADDLE_WEBHOOK_SECRET: 'pdl_ntfset_copy',
};
const ports = { ...derivePorts(8787), payments: 0 };

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'payments-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

describe('payments of a copy', () => {
  it.each([
    [{}, { STRIPE_SECRET_KEY: 'sk_test_copy', STRIPE_WEBHOOK_SECRET: 'whsec_copy' }, 'STRIPE_API_URL'],
    [
      { PAYMENT_PROVIDER: 'paddle' },
      { PADDLE_API_KEY: 'pdl_test_copy', PADDLE_WEBHOOK_SECRET: 'pdl_ntfset_copy' },
      'PADDLE_API_URL',
    ],
  ])('the Worker is configured for one stand-in: %o', (env, expected, url) => {
    const settings = paymentSettings({ ports: derivePorts(8787), secrets, env });
    expect(settings).toEqual({ ...expected, [url]: 'http://127.0.0.1:8793' });
  });

  it.each([{ STRIPE_SECRET_KEY: 'sk_live' }, { PAYMENT_PROVIDER: 'paddle', PADDLE_API_KEY: 'pdl_live' }])(
    'an account in the environment is used in its place: %o',
    (env) => {
      expect(paymentSettings({ ports, secrets, env })).toEqual({});
    },
  );

  it.each([
    [{}, '/v1/prices?limit=100', 'sk_test_copy'],
    [{ PAYMENT_PROVIDER: 'paddle' }, '/prices', 'pdl_test_copy'],
  ])('the stand-in has the catalogue, also after another start: %o', async (env, path, key) => {
    const counts = [];
    for (let start = 1; start <= 2; start++) {
      const server = await servePayments({ ports, dataDir, secrets, env });
      const headers = { authorization: `Bearer ${key}` };
      const answer = await fetch(`${server.url}${path}`, { headers });
      counts.push((await answer.json<{ data: unknown[] }>()).data.length);
      await server.close();
    }
    // Two plans and their seats, each by month and by year, and their overage of each meter.
    const each = 2 * (2 + 2 + INCLUDED_METERS.length);
    expect(counts).toEqual([each, each]);
  });
});
