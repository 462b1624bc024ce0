import { join } from 'node:path';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { compileClients, drivePython, driveTypeScript } from '../clients/drive-clients.ts';
import { compileSdkUse, driveSdk, installSdk, measureOneCall, runSnippet } from '../clients/drive-sdk.ts';
import type { Findings, Product } from '../clients/drivers/findings.ts';
import { findMissingGenerators, generateClients } from '../clients/generate-clients.ts';
import { createApiClient } from './support/api-client.ts';
import { api } from './support/product.ts';
import { ROOT } from './support/launch.ts';

const folder = join(ROOT, 'test/clients/.generated');
const missing = findMissingGenerators();

/** Without the generators a test is skipped and says why; in CI, which installs them, it fails. */
function requireGenerators({ skip }: Pick<TestContext, 'skip'>): void {
  if (missing === undefined) return;
  if (process.env.CI) throw new Error(missing);
  skip(missing);
}

/** A new user with an API key of two requests a minute. */
async function createProduct(): Promise<Product> {
  const client = createApiClient(api);
  const email = `client-${crypto.randomUUID()}@northwind.example`;
  const signUp = { email, password: 'violet-harbour-42-kites', name: 'A Client' };
  const { body: grant } = await client.send('POST', '/api/v1/auth/signup', { body: signUp });
  const token = grant.accessToken as string;
  const key = await client.send('POST', '/api/v1/api-keys', {
    token,
    body: { name: 'Two a minute', scopes: ['read'], requestsPerMinute: 2 },
  });
  expect(key).toMatchObject({ status: 201 });
  return { api, token, limitedKey: key.body.secret as string };
}

const EXPECTED = {
  timeZone: 'Europe/Madrid',
  joined: 'admitted',
  callIsInRoom: true,
  names: ['Room 1', 'Room 2', 'Room 3'],
  pages: 2,
  stale: { status: 412, code: 'request.stale' },
  limited: { status: 429, code: 'request.rate_limited', retryAfterSeconds: expect.any(Number) },
};

function expectFindings(findings: Findings): void {
  expect(findings).toMatchObject(EXPECTED);
  expect(Date.parse(findings.startsAt!)).toBe(Date.parse('2027-01-05T08:30:00Z'));
  expect(findings.limited.retryAfterSeconds).toBeGreaterThan(0);
}

const JOURNEY = 'schedules a room, joins, reads the call, pages through a list, and reports 412 and 429';

describe('clients generated from the OpenAPI document', () => {
  beforeAll(async () => {
    if (missing === undefined)
      await generateClients((await createApiClient(api).send('GET', '/openapi.json')).body as object, folder);
  });

  it('compile under strict rules', async (context) => {
    requireGenerators(context);
    await compileClients(folder);
  });

  for (const name of ['openapi-fetch', 'orval'])
    it(`${name} ${JOURNEY}`, async (context) => {
      requireGenerators(context);
      expectFindings(await driveTypeScript(folder, name, await createProduct()));
    });

  it(`openapi-python-client ${JOURNEY}`, async (context) => {
    requireGenerators(context);
    expectFindings(await drivePython(folder, await createProduct()));
  });
});

describe('the SDK in TypeScript, packed and installed into an empty folder', () => {
  let application: string;
  beforeAll(async () => {
    application = await installSdk();
  });

  it('compiles under strict rules, with the snippets of its README', () => compileSdkUse(application));

  it(JOURNEY, async () => expectFindings(await driveSdk(application, await createProduct())));

  it('runs the snippets of its README', async () => {
    const { token } = await createProduct();
    const env = { AURALINK_URL: api, AURALINK_API_KEY: token };
    const [roomId, name] = (await runSnippet(application, 1, env)).split('\n');
    expect(name).toBe('Standup');
    expect(await runSnippet(application, 2, env)).toBe('no such room\n');
    await runSnippet(application, 4, { ...env, ROOM_ID: roomId! });
    const room = await createApiClient(api).send('GET', `/api/v1/rooms/${roomId}`, { token });
    expect(room.body).toMatchObject({ name: 'Weekly' });
  });

  it('adds little to an application that calls one operation', async () =>
    expect(await measureOneCall(application)).toBeLessThan(6_000));
});
