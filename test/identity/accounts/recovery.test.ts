import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';
import { createEmail, logIn, refresh, signUp, sortedStatuses } from '../../support/sign-in.ts';
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

/** Asks for a reset and takes the token out of the mail. */
async function requestResetToken(email: string): Promise<string> {
  expect((await post('password/forgot', { email })).status).toBe(204);
  await app.drain();
  expect(app.mailbox.latestTo(email).subject).toBe('Choose a new password');
  return tokenMailedTo(email);
}

const INVALID_RESET = { status: 400, body: { code: 'accounts.reset_token_invalid' } };
const INVALID_VERIFICATION = { status: 400, body: { code: 'accounts.verification_token_invalid' } };

describe('a forgotten password', () => {
  it('is answered alike, at the same cost, whether or not anybody has the address', async () => {
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

  it('is replaced with the mailed token, once; all sessions end and the address counts as proved', async () => {
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
      'select provider_id, account_id from credentials where user_id = $1 order by id',
      [person.userId],
    );
    expect(credentials).toEqual([
      { provider_id: 'other', account_id: `other-${person.userId}` },
      { provider_id: 'credential', account_id: person.userId },
    ]);
  });

  it('lets one of two racing resets with the same token through', async () => {
    const { email } = await signUp(app);
    const token = await requestResetToken(email);
    const both = await Promise.all([resetPassword(token), resetPassword(token, `${NEW_PASSWORD}-too`)]);
    expect(sortedStatuses(both)).toEqual([204, 400]);
  });

  it('cannot be replaced with an older token after the password has changed', async () => {
    const { email } = await signUp(app);
    const first = await requestResetToken(email);
    app.clock.advanceSeconds(1);
    const second = await requestResetToken(email);
    app.clock.advanceSeconds(1);
    expect((await resetPassword(second)).status).toBe(204);
    expect(await resetPassword(first)).toMatchObject(INVALID_RESET);
  });

  it('refuses an expired token, and keeps a token whose new password was too weak', async () => {
    const { email } = await signUp(app);
    const token = await requestResetToken(email);
    expect((await resetPassword(token, 'password1234')).body.code).toBe('request.invalid');
    expect((await resetPassword(token, email)).body.code).toBe('request.invalid');
    app.clock.advanceSeconds(3_601);
    expect(await resetPassword(token)).toMatchObject(INVALID_RESET);
  });

  it('stands readable neither in the outbox nor in any other table', async () => {
    const email = createEmail();
    await post('password/forgot', { email });
    const rows = await ownerSql('select key, payload from outbox where type = $1', [
      'user.password_reset_requested',
    ]);
    expect(JSON.stringify(rows)).not.toContain(email);
  });
});

describe('a mailbox', () => {
  /** Asks eight times, each time from another address; how many mails come of it. */
  async function mailsAfter(ask: (ip: string) => Promise<{ status: number }>, to: string): Promise<number> {
    for (let i = 1; i <= 8; i++) expect((await ask(`192.0.2.${i}`)).status).toBe(204);
    await app.drain();
    return app.mailbox.mails.filter((mail) => mail.to === to).length;
  }

  beforeAll(() => {
    const clock = { now: () => app.clock.now() };
    app = createTestApp({ limiter: new MemoryLimiters(clock).ports().limiter });
  });
  afterAll(() => {
    app = createTestApp();
  });

  it('is not filled with password resets, from however many addresses they are asked for', async () => {
    const { email } = await signUp(app);
    await app.drain();
    const headers = (ip: string) => ({ headers: { 'cf-connecting-ip': ip } });
    const ask = (ip: string) =>
      app.send('POST', '/api/v1/auth/password/forgot', { body: { email }, ...headers(ip) });
    expect(await mailsAfter(ask, email)).toBe(1 + 5);
    app.clock.advanceSeconds(3_600);
    await ask('192.0.2.1');
    await app.drain();
    expect(app.mailbox.mails.filter((mail) => mail.to === email)).toHaveLength(1 + 5 + 1);
  });

  it('is not filled with confirmations by who signed up with an address of somebody else', async () => {
    const { email, accessToken: token } = await signUp(app);
    const path = '/api/v1/users/me/email/verification';
    const ask = (ip: string) => app.send('POST', path, { token, headers: { 'cf-connecting-ip': ip } });
    expect(await mailsAfter(ask, email)).toBe(1 + 5);
  });
});

describe('an address', () => {
  it('is proved with the token mailed at sign-up; a second time changes nothing', async () => {
    const person = await signUp(app);
    await app.drain();
    const token = tokenMailedTo(person.email);
    expect((await post('email/verify', { token })).status).toBe(204);
    expect((await post('email/verify', { token })).status).toBe(204);
    const me = await app.send('GET', '/api/v1/users/me', { token: person.accessToken });
    expect(me.body.emailVerified).toBe(true);
  });

  it('is not proved with a token that expired, that was changed, or that was made for something else', async () => {
    const person = await signUp(app);
    await app.drain();
    const token = tokenMailedTo(person.email);
    expect(await post('email/verify', { token: person.accessToken })).toMatchObject(INVALID_VERIFICATION);
    expect(await post('email/verify', { token: `${token.slice(0, -4)}AAAA` })).toMatchObject(
      INVALID_VERIFICATION,
    );
    app.clock.advanceSeconds(3 * 86_400 + 1);
    expect(await post('email/verify', { token })).toMatchObject(INVALID_VERIFICATION);
  });

  it('gets the mail once more on request, unless it is proved', async () => {
    const person = await signUp(app);
    await app.drain();
    const again = () =>
      app.send('POST', '/api/v1/users/me/email/verification', { token: person.accessToken });
    const mails = () => app.mailbox.mails.filter((each) => each.to === person.email).length;
    expect((await again()).status).toBe(204);
    await app.drain();
    expect(mails()).toBe(2);
    await post('email/verify', { token: tokenMailedTo(person.email) });
    await again();
    await app.drain();
    expect(mails()).toBe(2);
  });
});
