import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let owner: Person;
let invited: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
  invited = await app.person();
});

const listPath = () => `/api/v1/organizations/${owner.organizationId}/invitations`;
const sendAs = (method: string, path: string, by = owner, body?: object) =>
  app.send(method, path, { token: by.token, body });
const accept = (token: string, by = invited, headers: Record<string, string> = {}) =>
  app.send('POST', '/api/v1/invitations/accept', { token: by.token, body: { token }, headers });
const preview = (token: string) => app.send('POST', '/api/v1/invitations/preview', { body: { token } });

async function invite(email = invited.email, role = 'member'): Promise<{ id: string; token: string }> {
  const { body } = await sendAs('POST', listPath(), owner, { email, role });
  await app.drain();
  return { id: body.id, token: /token=(ali_[\w-]{43})/.exec(app.mailbox.latestTo(email).text)?.[1] ?? '' };
}

const listMembers = async () =>
  (await sendAs('GET', `/api/v1/organizations/${owner.organizationId}/members?limit=100`)).body.data as {
    userId: string;
    role: string;
    invitedBy: string | null;
  }[];

describe('previewing an invitation', () => {
  it('shows the holder of the token what it offers', async () => {
    const { token } = await invite();
    expect((await preview(token)).body).toMatchObject({
      organizationName: 'Test',
      inviterName: 'Test Person',
      role: 'member',
      email: invited.email,
      expired: false,
      hasAccount: true,
    });
    const elsewhere = await invite(`${crypto.randomUUID()}@auralink.test`);
    expect((await preview(elsewhere.token)).body.hasAccount).toBe(false);
  });

  it('shows nothing without a valid token', async () => {
    const unknown = await preview(`ali_${'A'.repeat(43)}`);
    expect(unknown.status).toBe(404);
    expect((await preview('ali_short')).status).toBe(400);
    expect((await preview("ali_' or 1=1 --")).status).toBe(400);
  });

  it('shows that it has expired, and refuses one that was revoked or accepted', async () => {
    const first = await invite();
    app.clock.advanceSeconds(7 * 86_400);
    [owner, invited] = [await withFreshToken(app, owner), await withFreshToken(app, invited)];
    expect((await preview(first.token)).body.expired).toBe(true);
    await sendAs('DELETE', `${listPath()}/${first.id}`);
    expect((await preview(first.token)).body.code).toBe('invitations.revoked');
    const second = await invite();
    await accept(second.token);
    expect((await preview(second.token)).body.code).toBe('invitations.already_accepted');
  });
});

describe('accepting an invitation as a signed-in user', () => {
  it('adds a member with the offered role', async () => {
    const { id, token } = await invite(invited.email, 'admin');
    const accepted = await accept(token);
    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({
      organizationId: owner.organizationId,
      organizationName: 'Test',
      role: 'admin',
    });
    expect(await listMembers()).toContainEqual(
      expect.objectContaining({ userId: invited.userId, role: 'admin', invitedBy: owner.userId }),
    );
    const invitation = await sendAs('GET', `${listPath()}/${id}`);
    expect(invitation.body).toMatchObject({ status: 'accepted', acceptedBy: invited.userId });
    const joined = await sendAs('GET', '/api/v1/organizations', invited);
    expect(joined.body.data.map((each: { id: string }) => each.id)).toContain(owner.organizationId);
  });

  it('takes two round trips', async () => {
    const { token } = await invite();
    const before = app.roundTrips();
    await accept(token);
    expect(app.roundTrips() - before).toBe(2);
  });

  it('is for the invited address only', async () => {
    const { token } = await invite();
    const thief = await app.person();
    const refused = await accept(token, thief);
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('invitations.email_mismatch');
    expect((await accept(token)).status).toBe(200);
  });

  it('is not for API keys', async () => {
    const { token } = await invite();
    const key = await sendAs('POST', '/api/v1/api-keys', invited, { name: 'Bot', scopes: ['admin'] });
    expect((await accept(token, { ...invited, token: key.body.secret })).status).toBe(403);
  });

  it('is refused once it has expired, was revoked or was resent', async () => {
    const first = await invite();
    app.clock.advanceSeconds(7 * 86_400);
    [owner, invited] = [await withFreshToken(app, owner), await withFreshToken(app, invited)];
    const expired = await accept(first.token);
    expect(expired.status).toBe(410);
    expect(expired.body.code).toBe('invitations.expired');
    await sendAs('POST', `${listPath()}/${first.id}/resend`);
    expect((await accept(first.token)).body.code).toBe('invitations.not_found');
    await app.drain();
    const renewed = app.mailbox.latestTo(invited.email).text;
    await sendAs('DELETE', `${listPath()}/${first.id}`);
    const revoked = await accept(/ali_[\w-]{43}/.exec(renewed)?.[0] ?? '');
    expect(revoked.status).toBe(410);
    expect(revoked.body.code).toBe('invitations.revoked');
  });

  it('is refused a second time, and repeated for the same idempotency key', async () => {
    const { token } = await invite();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await accept(token, invited, headers);
    expect((await accept(token, invited, headers)).body).toEqual(first.body);
    const second = await accept(token);
    expect(second.status).toBe(409);
    expect(second.body.code).toBe('invitations.already_accepted');
  });

  it('adds one member for three concurrent requests', async () => {
    const { token } = await invite();
    const both = await Promise.all([accept(token), accept(token), accept(token)]);
    expect(both.filter((each) => each.status === 200)).toHaveLength(1);
    expect(both.filter((each) => each.status === 409)).toHaveLength(2);
    expect((await listMembers()).filter((each) => each.userId === invited.userId)).toHaveLength(1);
  });

  it('adds no member when a concurrent revocation succeeds', async () => {
    const { id, token } = await invite();
    const [accepted, revoked] = await Promise.all([accept(token), sendAs('DELETE', `${listPath()}/${id}`)]);
    const inside = (await listMembers()).some((each) => each.userId === invited.userId);
    expect(inside).toBe(accepted.status === 200);
    expect(accepted.status === 200).not.toBe(revoked.status === 204);
  });

  it('does not reactivate a suspended member', async () => {
    const { token } = await invite();
    await accept(token);
    const path = `/api/v1/organizations/${owner.organizationId}/members`;
    const list = await sendAs('GET', path);
    const { id } = list.body.data.find((each: { userId: string }) => each.userId === invited.userId);
    await sendAs('PATCH', `${path}/${id}`, owner, { status: 'suspended' });
    const again = await sendAs('POST', listPath(), owner, { email: invited.email });
    expect(again.body.code).toBe('invitations.already_member');
  });

  it('is refused when the organization was deleted or no longer allows the domain', async () => {
    const { token } = await invite();
    const path = `/api/v1/organizations/${owner.organizationId}`;
    await sendAs('PATCH', path, owner, { settings: { allowedEmailDomains: ['northwind.example'] } });
    expect((await accept(token)).body.code).toBe('invitations.domain_not_allowed');
    await sendAs('DELETE', path);
    expect((await accept(token)).body.code).toBe('invitations.not_found');
    expect((await preview(token)).status).toBe(404);
  });
});

describe('an invitation of somebody who can no longer offer its role', () => {
  const accessTo = (organizationId: string) => `/api/v1/organizations/${organizationId}`;

  async function inviteBy(token: string, email = invited.email) {
    const made = await app.send('POST', listPath(), { token, body: { email, role: 'admin' } });
    expect(made.status).toBe(201);
    await app.drain();
    return {
      id: made.body.id as string,
      token: /token=(ali_[\w-]{43})/.exec(app.mailbox.latestTo(email).text)?.[1] ?? '',
    };
  }

  async function memberIdOf({ userId }: Person): Promise<string> {
    const { body } = await sendAs('GET', `${accessTo(owner.organizationId)}/members?limit=100`);
    return body.data.find((each: { userId: string }) => each.userId === userId).id;
  }

  async function expectRefused(token: string) {
    for (const refused of [await preview(token), await accept(token)]) {
      expect(refused.status).toBe(410);
      expect(refused.body.code).toBe('invitations.revoked');
    }
  }

  it.each([
    ['was removed', 'DELETE', undefined],
    ['was suspended', 'PATCH', { status: 'suspended' }],
    ['was demoted', 'PATCH', { role: 'member' }],
  ])('is refused once its inviter %s', async (_case, method, body) => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const { token } = await inviteBy(admin.token);
    expect((await preview(token)).status).toBe(200);
    const path = `${accessTo(owner.organizationId)}/members/${await memberIdOf(admin)}`;
    expect((await sendAs(method, path, owner, body)).status).toBeLessThan(300);
    await expectRefused(token);
  });

  it('is refused once its API key was revoked, narrowed or has expired', async () => {
    const makeKey = async (input: object = {}) =>
      (await sendAs('POST', '/api/v1/api-keys', owner, { name: 'invites', scopes: ['admin'], ...input }))
        .body;
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    const keys = [await makeKey(), await makeKey(), await makeKey({ expiresAt })];
    const tokens = [];
    for (const { secret } of keys) {
      const email = `${crypto.randomUUID()}@auralink.test`;
      tokens.push((await inviteBy(secret, email)).token);
    }
    expect((await preview(tokens[0]!)).status).toBe(200);
    await sendAs('DELETE', `/api/v1/api-keys/${keys[0].id}`);
    await sendAs('PATCH', `/api/v1/api-keys/${keys[1].id}`, owner, { scopes: ['write'] });
    app.clock.advanceSeconds(60);
    for (const token of tokens) await expectRefused(token);
  });

  it('is accepted again after somebody who may offer the role has resent it', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const { id, token } = await inviteBy(admin.token);
    await sendAs('DELETE', `${accessTo(owner.organizationId)}/members/${await memberIdOf(admin)}`);
    await expectRefused(token);
    app.clock.advanceSeconds(60);
    const resent = await sendAs('POST', `${listPath()}/${id}/resend`);
    expect(resent.body.invitedBy).toBe(owner.userId);
    await app.drain();
    const again = /token=(ali_[\w-]{43})/.exec(app.mailbox.latestTo(invited.email).text)?.[1] ?? '';
    expect((await accept(again)).status).toBe(200);
  });

  it('adds no member when the inviter is removed while it is being accepted', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const { token } = await inviteBy(admin.token);
    const path = `${accessTo(owner.organizationId)}/members/${await memberIdOf(admin)}`;
    const { database } = app.services;
    const commit = database.commit.bind(database);
    database.commit = async (...args) => {
      database.commit = commit;
      await sendAs('DELETE', path);
      return commit(...args);
    };
    const refused = await accept(token);
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('invitations.overtaken');
    expect((await listMembers()).map((each) => each.userId)).not.toContain(invited.userId);
  });

  it('is not mailed', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const body = { email: invited.email, role: 'member' };
    await app.send('POST', listPath(), { token: admin.token, body });
    await sendAs('DELETE', `${accessTo(owner.organizationId)}/members/${await memberIdOf(admin)}`);
    await app.drain();
    expect(app.mailbox.mails.filter((mail) => mail.to === invited.email)).toEqual([]);
  });
});
