import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createEmail, logIn, refresh, signUp, sortedStatuses, whoAmI } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const NEW_PASSWORD = 'eight-daisies-in-a-vase';
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const post = (path: string, body: unknown) => app.send('POST', `/api/v1/auth/${path}`, { body });
const resetPassword = (token: string, newPassword = NEW_PASSWORD) =>
  post('password/reset', { token, newPassword });
const tokenMailedTo = (email: string) =>
  decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(email).text)![1]!);

/** Requests a reset and reads the token from the email. */
async function requestResetToken(email: string): Promise<string> {
  await app.drain(); // the mails of what came before
  expect((await post('password/forgot', { email })).status).toBe(204);
  await app.drain();
  expect(app.mailbox.latestTo(email).subject).toBe('Choose a new password');
  return tokenMailedTo(email);
}

const INVALID_RESET = { status: 400, body: { code: 'accounts.reset_token_invalid' } };

describe('resetting a password', () => {
  it('gives the same answer with the same round trips whether or not the address has an account', async () => {
    const { email } = await signUp(app);
    const trips: number[] = [];
    for (const address of [email, createEmail()]) {
      const before = app.roundTrips();
      const answer = await post('password/forgot', { email: address });
      trips.push(app.roundTrips() - before);
      expect([answer.status, answer.body]).toEqual([204, '']);
    }
    expect(trips[0]).toBe(trips[1]);
    const sent = app.mailbox.mails.length;
    await app.drain();
    const mails = app.mailbox.mails.slice(sent).filter((each) => each.subject === 'Choose a new password');
    expect(mails.map((each) => each.to)).toEqual([email]);
  });

  it('takes the mailed token once, ends all sessions, verifies the address and notifies the user', async () => {
    const person = await signUp(app);
    const token = await requestResetToken(person.email);
    const before = app.roundTrips();
    expect((await resetPassword(token)).status).toBe(204);
    expect(app.roundTrips() - before).toBe(2);
    expect((await refresh(app, person.refreshToken)).status).toBe(401);
    const again = await logIn(app, { ...person, password: NEW_PASSWORD });
    const me = await app.send('GET', '/api/v1/users/me', { token: again.accessToken });
    expect(me.body.emailVerified).toBe(true);
    expect(await resetPassword(token)).toMatchObject(INVALID_RESET);
    await app.drain();
    expect(app.mailbox.latestTo(person.email).subject).toBe('Your password was changed');
  });

  it('gives a password to a user who had none, and leaves credentials of other providers alone', async () => {
    const person = await signUp(app);
    await ownerSql(
      "update credentials set provider_id = 'other', account_id = 'other-' || user_id where user_id = $1",
      [person.userId],
    );
    const token = await requestResetToken(person.email);
    const before = app.roundTrips();
    expect((await resetPassword(token)).status).toBe(204);
    expect(app.roundTrips() - before).toBe(2);
    await logIn(app, { ...person, password: NEW_PASSWORD });
    const credentials = await ownerSql<{ provider_id: string; account_id: string }>(
      'select provider_id, account_id from credentials where user_id = $1 order by provider_id',
      [person.userId],
    );
    expect(credentials).toEqual([
      { provider_id: 'credential', account_id: person.userId },
      { provider_id: 'other', account_id: `other-${person.userId}` },
    ]);
  });

  it('accepts one of two concurrent resets with the same token', async () => {
    const { email } = await signUp(app);
    const token = await requestResetToken(email);
    const both = await Promise.all([resetPassword(token), resetPassword(token, `${NEW_PASSWORD}-too`)]);
    expect(sortedStatuses(both)).toEqual([204, 400]);
  });

  it('refuses a token that was requested before the last change of the password', async () => {
    const { email } = await signUp(app);
    const first = await requestResetToken(email);
    app.clock.advanceSeconds(1);
    const second = await requestResetToken(email);
    app.clock.advanceSeconds(1);
    expect((await resetPassword(second)).status).toBe(204);
    expect(await resetPassword(first)).toMatchObject(INVALID_RESET);
  });

  it('refuses an expired token, and does not use the token up on a weak password', async () => {
    const { email } = await signUp(app);
    const token = await requestResetToken(email);
    expect((await resetPassword(token, 'password1234')).body.code).toBe('request.invalid');
    expect((await resetPassword(token, email)).body.code).toBe('request.invalid');
    app.clock.advanceSeconds(3_601);
    expect(await resetPassword(token)).toMatchObject(INVALID_RESET);
  });

  it('stores the address of the request only encrypted in the outbox', async () => {
    const email = createEmail();
    await post('password/forgot', { email });
    const rows = await ownerSql('select key, payload from outbox where type = $1', [
      'user.password_reset_requested',
    ]);
    expect(JSON.stringify(rows)).not.toContain(email);
  });
});

describe('the account of an address that somebody else signed up with', () => {
  async function prepare() {
    const preparer = await signUp(app);
    await app.drain();
    const { organizationId } = await whoAmI(app, preparer.accessToken);
    const send = (path: string, body: object) =>
      app.send('POST', path, { token: preparer.accessToken, body });
    // Invitations of users with unverified addresses exist only from before they were refused.
    const setVerified = (verified: boolean) =>
      ownerSql('update users set email_verified = $1 where id = $2', [verified, preparer.userId]);
    await setVerified(true);
    const key = await send('/api/v1/api-keys', { name: 'kept', scopes: ['admin'] });
    expect(key.status).toBe(201);
    const made = await app.send('POST', `/api/v1/organizations/${organizationId}/invitations`, {
      token: key.body.secret,
      body: { email: createEmail(), role: 'admin' },
    });
    expect(made.status).toBe(201);
    const path = `/api/v1/organizations/${organizationId}/invitations`;
    const own = createEmail();
    await send(path, { email: own, role: 'admin' });
    await app.drain();
    await setVerified(false);
    const invitation = (email: string) => /token=(ali_[\w-]{43})/.exec(app.mailbox.latestTo(email).text)![1]!;
    return {
      preparer,
      secret: key.body.secret as string,
      invitations: [invitation(made.body.email), invitation(own)],
    };
  }

  async function expectNothingLeft({ secret, invitations }: Awaited<ReturnType<typeof prepare>>) {
    expect((await app.send('GET', '/api/v1/rooms', { token: secret })).status).toBe(401);
    for (const token of invitations)
      expect((await app.send('POST', '/api/v1/invitations/preview', { body: { token } })).body.code).toBe(
        'invitations.revoked',
      );
  }

  it('keeps no session, API key or invitation when its owner resets the password', async () => {
    const prepared = await prepare();
    const { preparer } = prepared;
    const token = await requestResetToken(preparer.email);
    expect((await resetPassword(token)).status).toBe(204);
    expect((await refresh(app, preparer.refreshToken)).status).toBe(401);
    expect((await app.send('GET', '/api/v1/rooms', { token: preparer.accessToken })).status).toBe(401);
    await expectNothingLeft(prepared);
  });

  it('keeps no API key or invitation when its owner verifies the address', async () => {
    const prepared = await prepare();
    const mail = app.mailbox.mails.find(({ to }) => to === prepared.preparer.email)!;
    const token = decodeURIComponent(/#token=(\S+)/.exec(mail.text)![1]!);
    expect((await post('email/verify', { token })).status).toBe(204);
    await expectNothingLeft(prepared);
  });

  it('keeps the API keys of a user whose address was verified before', async () => {
    const { email } = await signUp(app);
    expect((await resetPassword(await requestResetToken(email))).status).toBe(204);
    const owner = await logIn(app, { email, password: NEW_PASSWORD });
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: owner.accessToken,
      body: { name: 'mine', scopes: ['admin'] },
    });
    app.clock.advanceSeconds(1);
    expect((await resetPassword(await requestResetToken(email), `${NEW_PASSWORD}-too`)).status).toBe(204);
    expect((await app.send('GET', '/api/v1/rooms', { token: key.body.secret })).status).toBe(200);
  });
});
