import { beforeEach, describe, expect, it } from 'vitest';
import { MAIL_BUDGETS } from '../../../src/platform/mail/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { createEmail, signUp, whoAmI } from '../../support/sign-in.ts';

const DAY_SECONDS = 86_400;

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  const clock = { now: () => app.clock.now() };
  app = createTestApp({ limiter: new MemoryLimiters(clock).ports().limiter });
  // Windows begin with the hour and with the day: none ends during a test.
  app.clock.advanceSeconds(DAY_SECONDS - (Math.floor(app.clock.now() / 1000) % DAY_SECONDS));
  owner = await app.person();
});

const path = (organizationId: string) => `/api/v1/organizations/${organizationId}/invitations`;
const invite = (token: string, organizationId: string, email = createEmail()) =>
  app.send('POST', path(organizationId), { token, body: { email, role: 'member' } });
const createKey = async (token: string) =>
  (await app.send('POST', '/api/v1/api-keys', { token, body: { name: 'Key', scopes: ['admin'] } })).body
    .secret as string;

const TOO_MANY = { status: 429, body: { code: 'invitations.too_many' } };
const { invitationsBySender, invitationsByOrganization, invitationsToMailbox } = MAIL_BUDGETS;

describe('the budgets of invitations', () => {
  it('one sender invites so many an hour, whatever their organizations', async () => {
    const other = await app.send('POST', '/api/v1/organizations', {
      token: owner.token,
      body: { name: 'Second', slug: `second-${owner.organizationId.slice(4)}` },
    });
    for (let sent = 0; sent < invitationsBySender.limit; sent++)
      expect(await invite(owner.token, owner.organizationId)).toMatchObject({ status: 201 });
    const refused = await invite(owner.token, owner.organizationId);
    expect(refused).toMatchObject(TOO_MANY);
    expect(refused.body.detail).toBe(`at most ${invitationsBySender.limit} an hour by one sender`);
    const waitSeconds = Number(refused.headers.get('retry-after'));
    expect(waitSeconds).toBeGreaterThan(0);
    expect(waitSeconds).toBeLessThanOrEqual(invitationsBySender.windowSeconds);
    expect(other).toMatchObject({ status: 201 });
    await app.drain();
    expect(app.mailbox.mails).toHaveLength(invitationsBySender.limit);
    app.clock.advanceSeconds(waitSeconds);
    const later = await withFreshToken(app, owner);
    expect(await invite(later.token, owner.organizationId)).toMatchObject({ status: 201 });
  });

  it('one organization invites so many a day, by all its members and API keys together', async () => {
    const { organizationId } = owner;
    const senders = [owner.token];
    while (senders.length * invitationsBySender.limit <= invitationsByOrganization.limit)
      senders.push((await app.person({ organizationId, role: 'admin' })).token);
    for (let sent = 0; sent < invitationsByOrganization.limit; sent++)
      expect(await invite(senders[sent % senders.length]!, organizationId)).toMatchObject({ status: 201 });
    const refused = await invite(senders.at(-1)!, organizationId);
    expect(refused).toMatchObject(TOO_MANY);
    expect(refused.body.detail).toContain('a day by one organization');
    expect(await invite(await createKey(owner.token), organizationId)).toMatchObject(TOO_MANY);
  });

  it('one mailbox gets so many an hour, from all organizations together, also while mails wait', async () => {
    const email = createEmail();
    for (let sent = 0; sent < invitationsToMailbox.limit; sent++) {
      const { token, organizationId } = await app.person();
      expect(await invite(token, organizationId, email)).toMatchObject({ status: 201 });
    }
    expect(app.mailbox.mails).toEqual([]);
    const last = await app.person();
    expect(await invite(last.token, last.organizationId, email)).toMatchObject(TOO_MANY);
    expect(await invite(last.token, last.organizationId)).toMatchObject({ status: 201 });
    await app.drain();
    expect(app.mailbox.mails.filter(({ to }) => to === email)).toHaveLength(invitationsToMailbox.limit);
  });

  it('resending counts like inviting', async () => {
    const email = createEmail();
    const { body } = await invite(owner.token, owner.organizationId, email);
    const resend = async () => {
      app.clock.advanceSeconds(61);
      const { token } = await withFreshToken(app, owner);
      return app.send('POST', `${path(owner.organizationId)}/${body.id}/resend`, { token });
    };
    for (let sent = 1; sent < invitationsToMailbox.limit; sent++)
      expect(await resend()).toMatchObject({ status: 200 });
    expect(await resend()).toMatchObject(TOO_MANY);
  });

  it('a repeated request with the same key counts once', async () => {
    const email = createEmail();
    const send = () =>
      app.send('POST', path(owner.organizationId), {
        token: owner.token,
        body: { email, role: 'member' },
        headers: { 'idempotency-key': 'the-same' },
      });
    for (let sent = 0; sent <= invitationsToMailbox.limit; sent++)
      expect(await send()).toMatchObject({ status: 201 });
  });
});

describe('somebody with an unverified address', () => {
  const NOT_VERIFIED = { status: 403, body: { code: 'invitations.email_not_verified' } };

  it('invites nobody, neither themselves nor with an API key, until the address is verified', async () => {
    const { email, accessToken } = await signUp(app);
    const { organizationId } = await whoAmI(app, accessToken);
    const secret = await createKey(accessToken);
    expect(await invite(accessToken, organizationId)).toMatchObject(NOT_VERIFIED);
    expect(await invite(secret, organizationId)).toMatchObject(NOT_VERIFIED);
    await app.drain();
    expect(app.mailbox.mails.map(({ to }) => to)).toEqual([email]);

    const token = decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(email).text)![1]!);
    await app.send('POST', '/api/v1/auth/email/verify', { body: { token } });
    expect(await invite(accessToken, organizationId)).toMatchObject({ status: 201 });
    expect(await invite(await createKey(accessToken), organizationId)).toMatchObject({ status: 201 });
  });
});
