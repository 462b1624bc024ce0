import { createTestApp, type TestApp } from '../app.ts';
import { AiStandIn, STAND_IN_KEY } from './stand-in.ts';

export const MODEL = 'claude-haiku-4-5';

/** The product with a stand-in of Anthropic, whose key is configured. */
export async function createAppWithStandIn(
  overrides: Record<string, string> = {},
  ports: Parameters<typeof createTestApp>[0] = {},
): Promise<{ app: TestApp; standIn: AiStandIn }> {
  const standIn = await new AiStandIn().start();
  const app = createTestApp(ports, {
    ANTHROPIC_API_KEY: STAND_IN_KEY,
    ANTHROPIC_API_URL: standIn.url,
    ...overrides,
  });
  return { app, standIn };
}

/** Stores what a million tokens of each meter cost, in USD. */
export async function storePrices(
  app: TestApp,
  perMillion: Record<string, string>,
  model = MODEL,
  service: 'batch' | null = null,
): Promise<void> {
  const prices = Object.entries(perMillion).map(([meter, unitPrice]) => ({
    meter,
    provider: 'anthropic',
    model,
    service,
    unitPrice,
    unitQuantity: 1_000_000,
    startsAt: '2026-01-01T00:00:00.000Z',
    source: 'test',
  }));
  const { status } = await app.send('POST', '/api/v1/operator/prices', {
    token: app.operator,
    body: { prices },
  });
  if (status !== 200) throw new Error(`prices are not stored: ${status}`);
}

/** A request that asks one question. */
export const question = (fields: object = {}) => ({
  model: MODEL,
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello.' }] }],
  maxOutputTokens: 100,
  ...fields,
});
