import { expect } from 'vitest';
import { setCustomProviderExample } from '../../../src/intelligence/provider-keys/custom-providers.schemas.ts';
import type { TestApp } from '../app.ts';
import { STAND_IN_KEY } from './stand-in.ts';

/** A custom provider at the stand-in of Anthropic, which takes its key as others do. */
export const customProviderBody = ({ services: { config } }: TestApp) => ({
  ...setCustomProviderExample,
  baseUrl: `${config.ANTHROPIC_API_URL}/v1`,
  secret: STAND_IN_KEY,
});

/** @returns its name */
export async function createCustomProvider(app: TestApp, token: string): Promise<string> {
  const body = customProviderBody(app);
  const { status } = await app.send('PUT', '/api/v1/ai/custom-providers/lab', { token, body });
  expect(status).toBe(200);
  return 'lab';
}
