import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { createHashingQueue } from '../../../src/identity/passwords/index.ts';
import worker from '../../../workers/index.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';

/** The hashing objects have tests of their own; here their answers come at a cost that a test can pay. */
const cheapHasherNamespace = { getByName: () => createHashingQueue({ parameters: { ln: 4, r: 8, p: 1 } }) };
const { env } = createWorkerEnv({
  PASSWORD_HASHER: cheapHasherNamespace as unknown as Env['PASSWORD_HASHER'],
});

async function call(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(
    `http://auralink.test/api/v1/auth/${path}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
  );
  const response = await worker.fetch(request, env, context);
  await waitOnExecutionContext(context);
  return { status: response.status, body: await response.json() };
}

it('signs users up and in, and refreshes their session, in the Workers runtime', async () => {
  const email = `person-${crypto.randomUUID()}@auralink.test`;
  const password = 'seven-tulips-in-a-row';
  const signedUp = await call('signup', { email, password, name: 'Ada' });
  expect(signedUp).toMatchObject({ status: 201, body: { user: { email }, expiresInSeconds: 300 } });
  expect(await call('login', { email, password })).toMatchObject({ status: 200 });
  expect(await call('login', { email, password: 'not-the-password' })).toMatchObject({ status: 401 });
  const { refreshToken } = signedUp.body;
  expect(await call('refresh', { refreshToken })).toMatchObject({ status: 200 });
});
