import { randomUUID } from 'node:crypto';
import { randomSecrets } from '../../../workers/local/secrets.ts';
import { startTestDatabase } from '../../support/database/open.ts';
import { startDelayedProxy } from './delayed-proxy.ts';
import { type ServedWorker, serveWorker } from './workerd.ts';

const VARIABLES = {
  ENVIRONMENT: 'production',
  PUBLIC_URL: 'https://api.auralink.example',
  CORS_ORIGINS: 'https://app.auralink.example',
  APP_URL: 'https://app.auralink.example',
  MAIL_FROM: 'AuraLink <no-reply@auralink.example>',
  MAIL_API_URL: 'http://127.0.0.1:9',
  LOG_SAMPLE_RATE: '0.1',
};

/** A media cluster that is configured and never called: tokens are signed without it. */
export const MEDIA_SETTINGS = {
  LIVEKIT_URL: 'wss://media.auralink.example',
  LIVEKIT_API_KEY: 'bench',
  LIVEKIT_API_SECRET: randomUUID(),
};

export interface BenchAccount {
  token: string;
  organizationId: string;
  email: string;
  password: string;
}

export interface BenchProduct extends ServedWorker {
  operatorToken: string;
  database: { url: string; connectionString: string };
  signUp(): Promise<BenchAccount>;
}

async function signUp(url: string): Promise<BenchAccount> {
  const email = `${randomUUID()}@bench.example`;
  const password = randomUUID();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/auth/signup`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email, password, name: 'Bench' }),
  });
  if (response.status !== 201)
    throw new Error(`sign-up answered ${response.status}: ${await response.text()}`);
  const { accessToken: token } = await response.json<{ accessToken: string }>();
  const identity = await fetch(`${url}/api/v1/auth/whoami`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { organizationId } = await identity.json<{ organizationId: string }>();
  return { token, organizationId, email, password };
}

interface ProductOptions {
  inspected?: boolean;
  /** Milliseconds of a round trip to the database; 0 for a local one. */
  roundTripMs?: number;
  /** Further variables and secrets. */
  text?: Record<string, string>;
}

/** The whole product on the bare runtime, as it would be deployed, over a database in this process. */
export async function serveProduct({
  roundTripMs = 0,
  text = {},
  ...options
}: ProductOptions = {}): Promise<BenchProduct> {
  const testDatabase = await startTestDatabase();
  const proxy = roundTripMs > 0 ? await startDelayedProxy(testDatabase.url, roundTripMs / 2) : undefined;
  const database = { ...testDatabase, url: proxy?.url ?? testDatabase.url };
  const secrets = randomSecrets();
  const served = await serveWorker({
    entry: 'workers/index.ts',
    text: {
      ...VARIABLES,
      ...secrets,
      ...MEDIA_SETTINGS,
      DATABASE_URL: database.connectionString,
      NEON_LOCAL_ENDPOINT: database.url,
      ACCESS_TOKEN_SECONDS: '3600',
      ...text,
    },
    objects: {
      ORG_LIMITER: 'OrgLimiter',
      PASSWORD_HASHER: 'PasswordHasher',
      ROOM: 'RoomObject',
      AI_GENERATION: 'AiGeneration',
      MCP_SESSION_BOOK: 'McpSessionBook',
      LIVE_RECOGNITION: 'LiveRecognition',
    },
    sinks: { OUTBOX: 'queue', OBJECTS: 'r2Bucket' },
    analytics: ['ANALYTICS'],
    ...options,
  });
  return {
    ...served,
    operatorToken: secrets.OPERATOR_TOKEN,
    database,
    signUp: () => signUp(served.url),
    async stop() {
      await served.stop();
      await proxy?.close();
      await database.close();
    },
  };
}

async function putAsOperator(
  { url, operatorToken }: BenchProduct,
  organizationId: string,
  what: 'limits' | 'plan',
  body: object,
): Promise<void> {
  const response = await fetch(`${url}/api/v1/operator/organizations/${organizationId}/${what}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${operatorToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok)
    throw new Error(`setting the ${what} answered ${response.status}: ${await response.text()}`);
}

/** Raises the organization's limits, as an operator would, so that they do not affect the measurement. */
export const liftLimits = (product: BenchProduct, organizationId: string): Promise<void> =>
  putAsOperator(product, organizationId, 'limits', {
    limits: { api: 10_000_000, organization: 10_000_000, ai: 10_000_000 },
  });

/** Puts the organization of an account on a plan. @returns a token that states it */
export async function putOnPlan(
  product: BenchProduct,
  { organizationId, email, password }: BenchAccount,
  plan: 'pro' | 'enterprise',
): Promise<string> {
  await putAsOperator(product, organizationId, 'plan', { plan, reason: 'Benchmark' });
  const response = await fetch(`${product.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  const { accessToken } = await response.json<{ accessToken: string }>();
  return accessToken;
}
