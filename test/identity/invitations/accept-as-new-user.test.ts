import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { findTablesContaining } from '../../support/database-search.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let owner: Person;
let email: string;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
  email = `${crypto.randomUUID()}@auralink.test`;
});

const PASSWORD = 'correct-tulip-42-window';
const listPath = () => `/api/v1/organizations/${owner.organizationId}/invitations`;

async function invite(role = 'member'): Promise<{ id: string; token: string }> {
  const { body } = await app.send('POST', listPath(), { token: owner.token, body: { email, role } });
  await app.drain();
  return { id: body.id, token: /ali_[\w-]{43}/.exec(app.mailbox.latestTo(email).text)?.[0] ?? '' };
}

const accept = (token: string, body: object = {}, headers: Record<string, string> = {}) =>
  app.send('POST', '/api/v1/invitations/accept-new', {
    body: { token, name: 'Ada Example', password: PASSWORD, ...body },
    headers,
  });

describe('accepting an invitation with a new account', () => {
  it('creates a verified account and a member, and answers as a sign-up does', async () => {
    const { id, token } = await invite('admin');
    const accepted = await accept(token);
    expect(accepted.status).toBe(201);
    expect(accepted.body.user).toMatchObject({ email, name: 'Ada Example', emailVerified: true });
    const holder = await app.send('GET', '/api/v1/auth/whoami', { token: accepted.body.accessToken });
    expect(holder.body).toMatchObject({ organizationId: owner.organizationId, role: 'admin' });
    const invitation = await app.send('GET', `${listPath()}/${id}`, { token: accepted.body.accessToken });
    expect(invitation.body).toMatchObject({ status: 'accepted', acceptedBy: accepted.body.user.id });
    const joined = await app.send('GET', '/api/v1/organizations', { token: accepted.body.accessToken });
    expect(joined.body.data.map((each: { id: string }) => each.id)).toEqual([owner.organizationId]);
  });

  it('creates a user who can log in and refresh, and sends no email to verify the address', async () => {
    const { token } = await invite();
    const accepted = await accept(token);
    const { refreshToken } = accepted.body;
    expect((await app.send('POST', '/api/v1/auth/refresh', { body: { refreshToken } })).status).toBe(200);
    const logIn = await app.send('POST', '/api/v1/auth/login', { body: { email, password: PASSWORD } });
    expect(logIn.status).toBe(200);
    await app.drain();
    expect(app.mailbox.mails.filter((mail) => mail.to === email)).toHaveLength(1);
  });

  it('stores neither token nor password in readable form in any table', async () => {
    const { token } = await invite();
    const password = `correct-tulip-${crypto.randomUUID()}`;
    const accepted = await accept(token, { password }, { 'idempotency-key': crypto.randomUUID() });
    expect(accepted.status).toBe(201);
    for (const secret of [token, password, accepted.body.refreshToken])
      expect(await findTablesContaining(app.services, secret)).toEqual([]);
  });

  it('takes two round trips', async () => {
    const { token } = await invite();
    const before = app.roundTrips();
    await accept(token);
    expect(app.roundTrips() - before).toBe(2);
  });

  it('creates one account for three concurrent requests', async () => {
    const { token } = await invite();
    const all = await Promise.all([accept(token), accept(token), accept(token)]);
    expect(all.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it('repeats the response for the same idempotency key', async () => {
    const { token } = await invite();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await accept(token, {}, headers);
    const again = await accept(token, {}, headers);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
  });

  it('is refused for an address that has an account', async () => {
    ({ email } = await app.person());
    const { token } = await invite();
    const refused = await accept(token);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('accounts.email_taken');
  });

  it('is refused with a weak password, and the invitation stays pending', async () => {
    const { token } = await invite();
    expect((await accept(token, { password: 'password' })).status).toBe(400);
    expect((await accept(token, { email: 'other@auralink.test' })).status).toBe(400);
    expect((await accept(token)).status).toBe(201);
  });

  it('is refused once the invitation was accepted, revoked or has expired', async () => {
    const first = await invite();
    await accept(first.token);
    expect((await accept(first.token)).body.code).toBe('invitations.already_accepted');
    email = `${crypto.randomUUID()}@auralink.test`;
    const second = await invite();
    app.clock.advanceSeconds(7 * 86_400);
    expect((await accept(second.token)).body.code).toBe('invitations.expired');
    owner = await withFreshToken(app, owner);
    await app.send('DELETE', `${listPath()}/${second.id}`, { token: owner.token });
    expect((await accept(second.token)).body.code).toBe('invitations.revoked');
    expect((await accept(`ali_${'A'.repeat(43)}`)).body.code).toBe('invitations.not_found');
  });
});
