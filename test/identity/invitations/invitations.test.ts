import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { findTablesContaining } from '../../support/database-search.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let owner: Person;

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  owner = await app.person();
});

const listPath = () => `/api/v1/organizations/${owner.organizationId}/invitations`;
const freshEmail = () => `${crypto.randomUUID()}@auralink.test`;
const invite = (body: object = {}, by = owner, headers: Record<string, string> = {}) =>
  app.send('POST', listPath(), { token: by.token, body: { email: freshEmail(), ...body }, headers });
const sendAs = (method: string, path: string, by = owner, body?: object) =>
  app.send(method, path, { token: by.token, body });
const addMember = (role: 'admin' | 'member') => app.person({ role, organizationId: owner.organizationId });

/** The token in the newest email to an address. */
const tokenMailedTo = (email: string) =>
  /token=(ali_[\w-]{43})/.exec(app.mailbox.latestTo(email).text)?.[1] ?? '';
const mailsTo = (email: string) => app.mailbox.mails.filter((mail) => mail.to === email);
const preview = (token: string) => app.send('POST', '/api/v1/invitations/preview', { body: { token } });

describe('creating an invitation', () => {
  it('creates a pending invitation, valid as the organization’s settings say, and sends its link by email', async () => {
    const settings = { invitationDays: 3 };
    await sendAs('PATCH', `/api/v1/organizations/${owner.organizationId}`, owner, { settings });
    const email = freshEmail();
    const made = await invite({ email: email.toUpperCase(), role: 'admin' });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ email, role: 'admin', status: 'pending', invitedBy: owner.userId });
    expect(Date.parse(made.body.expiresAt)).toBe(app.clock.now() + 3 * 86_400_000);
    expect(mailsTo(email)).toEqual([]);
    await app.drain();
    expect(mailsTo(email)).toHaveLength(1);
    const mail = app.mailbox.latestTo(email);
    expect(mail.subject).toBe('Join Test on AuraLink');
    expect(mail.text).toMatch(/Test Person invites you to join .+ on AuraLink as an admin\./);
    expect(mail.text).toContain(`https://app.auralink.test/invitations/accept#token=${tokenMailedTo(email)}`);
    expect(mail.html).toContain(tokenMailedTo(email));
  });

  it('shows the token in the email only, not in any table, log or response', async () => {
    const email = freshEmail();
    const made = await invite({ email }, owner, { 'idempotency-key': crypto.randomUUID() });
    await app.drain();
    const token = tokenMailedTo(email);
    expect(await findTablesContaining(app.services, made.body.id)).toEqual(
      expect.arrayContaining(['invitations', 'outbox', 'audit_logs']),
    );
    expect(await findTablesContaining(app.services, token)).toEqual([]);
    expect(JSON.stringify([made.body, app.log])).not.toContain(token);
  });

  it('sends one email with one token, however often the mail provider fails', async () => {
    const email = freshEmail();
    await invite({ email });
    app.mailbox.misbehave('lost_answer');
    app.mailbox.misbehave('unavailable');
    for (let i = 0; i < 4; i++) {
      await app.drain();
      app.clock.advanceSeconds(60);
    }
    expect(mailsTo(email)).toHaveLength(1);
    expect((await preview(tokenMailedTo(email))).status).toBe(200);
  });

  it('sends no email for an invitation that was revoked in the meantime', async () => {
    const email = freshEmail();
    const { body } = await invite({ email });
    await sendAs('DELETE', `${listPath()}/${body.id}`);
    await app.drain();
    expect(mailsTo(email)).toEqual([]);
  });

  it('sends at most one email a minute, also after a revocation', async () => {
    const email = freshEmail();
    const { body } = await invite({ email });
    await app.drain();
    await sendAs('DELETE', `${listPath()}/${body.id}`);
    const refused = await invite({ email });
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe('invitations.sent_just_now');
    expect(refused.headers.get('retry-after')).toBe('60');
    app.clock.advanceSeconds(60);
    expect((await invite({ email })).status).toBe(201);
  });

  it('creates one invitation for the same idempotency key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const email = freshEmail();
    const first = await invite({ email }, owner, headers);
    const again = await invite({ email }, owner, headers);
    expect(again.body).toEqual(first.body);
    await app.drain();
    expect(mailsTo(email)).toHaveLength(1);
  });

  it('escapes names in the email', async () => {
    const name = '<script>alert(1)</script>\r\nBcc: all@auralink.test';
    await sendAs('PATCH', `/api/v1/organizations/${owner.organizationId}`, owner, { name });
    const email = freshEmail();
    await invite({ email });
    await app.drain();
    const mail = app.mailbox.latestTo(email);
    expect(mail.html).not.toContain('<script>');
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });

  it('refuses a second pending invitation of an address, also concurrently and in another letter case', async () => {
    const email = freshEmail();
    const both = await Promise.all([invite({ email }), invite({ email: email.toUpperCase() })]);
    expect(both.map((each) => each.status).toSorted((a, b) => a - b)).toEqual([201, 409]);
    expect(both.find((each) => each.status === 409)?.body.code).toBe('invitations.already_pending');
  });

  it('replaces an expired invitation', async () => {
    const email = freshEmail();
    const first = await invite({ email });
    app.clock.advanceSeconds(8 * 86_400);
    owner = await withFreshToken(app, owner);
    expect((await sendAs('GET', `${listPath()}/${first.body.id}`)).body.status).toBe('expired');
    expect((await invite({ email })).status).toBe(201);
    expect((await sendAs('GET', `${listPath()}/${first.body.id}`)).body.status).toBe('revoked');
  });

  it('refuses to invite a member', async () => {
    const member = await addMember('member');
    const refused = await invite({ email: member.email.toUpperCase() });
    expect(refused.status).toBe(409);
    expect(refused.body.code).toBe('invitations.already_member');
  });

  it('refuses an address whose domain the organization does not allow', async () => {
    const settings = { allowedEmailDomains: ['northwind.example'] };
    await sendAs('PATCH', `/api/v1/organizations/${owner.organizationId}`, owner, { settings });
    expect((await invite({ email: 'ada@northwind.example' })).status).toBe(201);
    for (const email of [
      'ada@evil.example',
      'ada@sub.northwind.example',
      'ada@northwind.example.evil.example',
    ]) {
      const refused = await invite({ email });
      expect(refused.status).toBe(422);
      expect(refused.body.code).toBe('invitations.domain_not_allowed');
    }
  });

  it('refuses a role with permissions that the caller does not have', async () => {
    const admin = await addMember('admin');
    const refused = await invite({ role: 'owner' }, admin);
    expect(refused.status).toBe(403);
    expect(refused.body.code).toBe('members.beyond_authority');
    expect((await invite({ role: 'admin' }, admin)).status).toBe(201);
    const key = await sendAs('POST', '/api/v1/api-keys', owner, { name: 'x', scopes: ['invitations:write'] });
    const byKey = await invite({ role: 'member' }, { ...owner, token: key.body.secret });
    expect(byKey.body.code).toBe('members.beyond_authority');
  });

  it('requires `invitations:write` and an active membership', async () => {
    const [member, admin] = [await addMember('member'), await addMember('admin')];
    expect((await invite({}, member)).status).toBe(403);
    expect((await sendAs('GET', listPath(), member)).status).toBe(403);
    const list = await sendAs('GET', `/api/v1/organizations/${owner.organizationId}/members`);
    const { id } = list.body.data.find((each: { userId: string }) => each.userId === admin.userId);
    await sendAs('DELETE', `/api/v1/organizations/${owner.organizationId}/members/${id}`);
    expect((await invite({}, admin)).body.code).toBe('auth.outdated_token');
  });

  it.each([
    { email: 'nobody' },
    { email: 'a@b' },
    { email: 'a@b.test\r\nBcc: c@d.test' },
    { email: 'a@b.test', role: 'root' },
    { email: 'a@b.test', organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' },
  ])('refuses %o', async (body) => {
    expect((await invite(body)).status).toBe(400);
  });
});

describe('reading, revoking and resending an invitation', () => {
  it('answers 404 for an invitation of another organization', async () => {
    const outsider = await app.person();
    const { body } = await invite();
    const own = `/api/v1/organizations/${outsider.organizationId}/invitations/${body.id}`;
    for (const path of [`${listPath()}/${body.id}`, own])
      for (const [method, target] of [
        ['GET', path],
        ['DELETE', path],
        ['POST', `${path}/resend`],
      ] as const)
        expect((await sendAs(method, target, outsider)).status).toBe(404);
    expect((await sendAs('GET', `${listPath()}?limit=1`)).body.data).toHaveLength(1);
  });

  it('takes one round trip to read and two to write', async () => {
    const before = app.roundTrips();
    const { body } = await invite();
    expect(app.roundTrips() - before).toBe(2);
    await sendAs('GET', `${listPath()}/${body.id}`);
    await sendAs('GET', listPath());
    expect(app.roundTrips() - before).toBe(4);
    app.clock.advanceSeconds(61);
    await sendAs('POST', `${listPath()}/${body.id}/resend`);
    expect(app.roundTrips() - before).toBe(6);
    await sendAs('DELETE', `${listPath()}/${body.id}`);
    expect(app.roundTrips() - before).toBe(8);
  });

  it('ends the former link on resending, and extends the validity', async () => {
    const email = freshEmail();
    const { body } = await invite({ email });
    await app.drain();
    const former = tokenMailedTo(email);
    app.clock.advanceSeconds(8 * 86_400);
    owner = await withFreshToken(app, owner);
    const resent = await sendAs('POST', `${listPath()}/${body.id}/resend`);
    expect(resent.status).toBe(200);
    expect(resent.body.status).toBe('pending');
    await app.drain();
    expect(tokenMailedTo(email)).not.toBe(former);
    expect((await preview(former)).status).toBe(404);
    expect((await preview(tokenMailedTo(email))).body.expired).toBe(false);
  });

  it('resends at most once a minute', async () => {
    const { body } = await invite();
    const refused = await sendAs('POST', `${listPath()}/${body.id}/resend`);
    expect(refused.status).toBe(429);
    expect(refused.body.code).toBe('invitations.sent_just_now');
    expect(refused.headers.get('retry-after')).toBe('60');
  });

  it('sends only the newest of two links when the first was not sent yet', async () => {
    const email = freshEmail();
    const { body } = await invite({ email });
    app.clock.advanceSeconds(61);
    await sendAs('POST', `${listPath()}/${body.id}/resend`);
    await app.drain();
    expect(mailsTo(email)).toHaveLength(1);
    expect((await preview(tokenMailedTo(email))).status).toBe(200);
  });

  it('refuses to revoke or resend a revoked one, and refuses a stale version', async () => {
    const { body } = await invite();
    const path = `${listPath()}/${body.id}`;
    const stale = await app.send('DELETE', path, { token: owner.token, headers: { 'if-match': '"7"' } });
    expect(stale.status).toBe(412);
    expect((await sendAs('DELETE', path)).status).toBe(204);
    for (const answer of [await sendAs('DELETE', path), await sendAs('POST', `${path}/resend`)]) {
      expect(answer.status).toBe(410);
      expect(answer.body.code).toBe('invitations.revoked');
    }
  });
});

describe('the email of an invitation', () => {
  it('makes no link of the names of organization and inviter', async () => {
    const name = 'Pay at https://evil.example/pay or mail a@evil.example, www\uFF0Eevil\u3002example';
    const inviter = await app.person();
    await app.send('PATCH', '/api/v1/users/me', { token: inviter.token, body: { name } });
    const path = `/api/v1/organizations/${inviter.organizationId}`;
    expect((await app.send('PATCH', path, { token: inviter.token, body: { name } })).status).toBe(200);
    const email = `${crypto.randomUUID()}@auralink.test`;
    await app.send('POST', `${path}/invitations`, { token: inviter.token, body: { email, role: 'member' } });
    await app.drain();
    const { subject, text, html } = app.mailbox.latestTo(email);
    for (const content of [subject, text, html]) {
      expect(content).toContain('evil. example');
      expect(content).not.toMatch(/https?:\/\/evil|evil[.\uFF0E\u3002]example|@evil|www[.\uFF0E]evil/);
    }
    expect(text.match(/https?:\/\/\S+/g)).toHaveLength(1);
  });
});
