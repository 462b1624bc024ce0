import { describe, expect, it } from 'vitest';
import { createApiClient, waitForMail } from './support/api-client.ts';
import { api, mails } from './support/product.ts';

const password = 'violet-harbour-42-kites';
const uniqueAddress = (name: string) => `${name}-${crypto.randomUUID().slice(0, 8)}@northwind.example`;

async function signUp(name: string) {
  const caller = createApiClient(api);
  const email = uniqueAddress(name);
  const response = await caller.send('POST', '/api/v1/auth/signup', { body: { email, password, name } });
  expect(response.status).toBe(201);
  return {
    caller,
    email,
    token: response.body.accessToken as string,
    refreshToken: response.body.refreshToken as string,
  };
}

async function verifyAddress(caller: ReturnType<typeof createApiClient>, email: string) {
  const mail = await waitForMail(mails, email);
  const link = new URL(/https?:\/\/\S+/.exec(mail.text)![0]);
  const token = new URLSearchParams(link.hash.slice(1)).get('token');
  return caller.send('POST', '/api/v1/auth/email/verify', { body: { token } });
}

describe('a new user', () => {
  it('signs up, creates an organization, and switches to it', async () => {
    const { caller, token, refreshToken } = await signUp('ada');
    const slug = `northwind-${crypto.randomUUID().slice(0, 8)}`;
    const made = await caller.send('POST', '/api/v1/organizations', {
      token,
      body: { name: 'Northwind', slug },
    });
    expect(made.status).toBe(201);
    const list = await caller.send('GET', '/api/v1/organizations', { token });
    expect(list.body.data.map((each: { slug: string }) => each.slug)).toContain(slug);
    const entered = await caller.send('POST', '/api/v1/auth/switch', {
      token,
      body: { organizationId: made.body.id },
    });
    expect(entered.status).toBe(200);
    const holder = await caller.send('GET', '/api/v1/auth/whoami', { token: entered.body.accessToken });
    expect(holder.body).toMatchObject({ organizationId: made.body.id, role: 'owner' });
    // Switching exchanged the refresh token; the earlier one ends only itself.
    const renewed = await caller.send('POST', '/api/v1/auth/refresh', {
      body: { refreshToken: entered.body.refreshToken },
    });
    expect(renewed.status).toBe(200);
    expect(renewed.body.refreshToken).not.toBe(refreshToken);
  });

  it('confirms the address by the mailed link', async () => {
    const { caller, email, token } = await signUp('eve');
    expect((await verifyAddress(caller, email)).status).toBe(204);
    expect((await caller.send('GET', '/api/v1/users/me', { token })).body.emailVerified).toBe(true);
  });

  it('invites a colleague by mail, and the colleague joins with the role of the invitation', async () => {
    const { caller, token, email: own } = await signUp('grace');
    const { body: holder } = await caller.send('GET', '/api/v1/auth/whoami', { token });
    const organization = `/api/v1/organizations/${holder.organizationId}`;
    const email = uniqueAddress('linus');
    const invite = () =>
      caller.send('POST', `${organization}/invitations`, { token, body: { email, role: 'member' } });
    expect(await invite()).toMatchObject({ status: 403, body: { code: 'invitations.email_not_verified' } });
    await verifyAddress(caller, own);
    expect((await invite()).status).toBe(201);
    const invitation = /ali_[\w-]+/.exec((await waitForMail(mails, email)).text)![0];
    const colleague = createApiClient(api);
    const joined = await colleague.send('POST', '/api/v1/invitations/accept-new', {
      body: { token: invitation, name: 'Linus', password },
    });
    expect(joined.status).toBe(201);
    const members = await caller.send('GET', `${organization}/members`, { token });
    expect(members.body.data).toContainEqual(expect.objectContaining({ role: 'member' }));
    const signedIn = await colleague.send('POST', '/api/v1/auth/login', { body: { email, password } });
    expect(signedIn.status).toBe(200);
    const refused = await colleague.send('POST', '/api/v1/api-keys', {
      token: signedIn.body.accessToken,
      body: { name: 'Not mine to make' },
    });
    expect(refused.status).toBe(403);
  });

  it('creates an API key, uses it up to its limit, finds it in the audit log, and revokes it', async () => {
    const { caller, token } = await signUp('barbara');
    const made = await caller.send('POST', '/api/v1/api-keys', {
      token,
      body: { name: 'Reports', scopes: ['read'], requestsPerMinute: 3 },
    });
    expect(made.status).toBe(201);
    const key = { token: made.body.secret as string };
    const { body: holder } = await caller.send('GET', '/api/v1/auth/whoami', { token });
    const path = `/api/v1/organizations/${holder.organizationId}`;
    const answers = [];
    for (let call = 0; call < 7; call++) answers.push(await caller.send('GET', path, key));
    const admitted = answers.filter(({ status }) => status === 200).length;
    // A window may end in between; within one, never more than three.
    expect(admitted).toBeGreaterThanOrEqual(3);
    expect(admitted).toBeLessThanOrEqual(6);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.body.code).toBe('request.rate_limited');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    const trail = await caller.send('GET', '/api/v1/audit/logs?action=api_key.created', { token });
    expect(trail.body.data).toEqual([expect.objectContaining({ targetId: made.body.id, actorKind: 'user' })]);
    expect((await caller.send('DELETE', `/api/v1/api-keys/${made.body.id}`, { token })).status).toBe(204);
    await expect
      .poll(async () => (await caller.send('GET', path, key)).status, { timeout: 30_000, interval: 500 })
      .toBe(401);
  });

  it('is refused after too many sign-ins from one address', async () => {
    const caller = createApiClient(api);
    const body = { email: uniqueAddress('nobody'), password: 'wrong-harbour-42-kites' };
    const statuses: number[] = [];
    while (statuses.length < 11 && statuses.at(-1) !== 429)
      statuses.push((await caller.send('POST', '/api/v1/auth/login', { body })).status);
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('the running product', () => {
  it('says that it is ready, and what it is connected to', async () => {
    const ready = await createApiClient(api).send('GET', '/readiness');
    expect(ready.status).toBe(200);
  });

  it('publishes its contract and the keys that verify its tokens', async () => {
    const caller = createApiClient(api);
    expect((await caller.send('GET', '/openapi.json')).body.openapi).toMatch(/^3\.1/);
    expect((await caller.send('GET', '/.well-known/jwks.json')).body.keys.length).toBeGreaterThan(0);
  });
});
