import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { purgeExpiredChanges } from '../../../src/identity/email-changes/purge-expired-changes.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  createEmail,
  GOOD_PASSWORD,
  logIn,
  refresh,
  type SignedIn,
  signUp,
  whoAmI,
} from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

const NEW_PASSWORD = 'eight-daisies-in-a-vase';
const INVALID = { status: 400, body: { code: 'accounts.email_change_invalid' } };
let app: TestApp;
let user: SignedIn;
let newEmail: string;

const post = (path: string, body: unknown, token?: string) =>
  app.send('POST', `/api/v1/${path}`, { body, ...(token ? { token } : {}) });
const tokenMailedTo = (email: string) =>
  decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(email).text)![1]!);
const mailsTo = (email: string) => app.mailbox.mails.filter((mail) => mail.to === email);
const request = (body: object = {}, token = user.accessToken) =>
  post('users/me/email', { newEmail, currentPassword: GOOD_PASSWORD, ...body }, token);
const confirm = (token: string) => post('auth/email/confirm-change', { token });
const stop = (token: string) => post('auth/email/stop-change', { token });
const emailOf = async (userId: string) =>
  (await ownerSql('select email, email_verified from users where id = $1', [userId]))[0];

/** Signs a person up and verifies their address. */
async function signUpVerified(): Promise<SignedIn> {
  const person = await signUp(app);
  await app.drain();
  expect(await post('auth/email/verify', { token: tokenMailedTo(person.email) })).toMatchObject({
    status: 204,
  });
  return person;
}

/** Requests the change. @returns the tokens of the mails to the new and the old address */
async function requestTokens(): Promise<{ confirming: string; stopping: string }> {
  expect(await request()).toMatchObject({ status: 204 });
  await app.drain();
  return { confirming: tokenMailedTo(newEmail), stopping: tokenMailedTo(user.email) };
}

async function confirmChange(): Promise<string> {
  const { confirming } = await requestTokens();
  expect(await confirm(confirming)).toMatchObject({ status: 204 });
  await app.drain();
  return tokenMailedTo(user.email);
}

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  user = await signUpVerified();
  newEmail = createEmail();
});

describe('a change of address', () => {
  it('counts when the new address has confirmed it, and keeps the sessions', async () => {
    const { confirming } = await requestTokens();
    expect(await emailOf(user.userId)).toEqual({ email: user.email, email_verified: true });
    expect(await confirm(confirming)).toMatchObject({ status: 204 });
    expect(await emailOf(user.userId)).toEqual({ email: newEmail, email_verified: true });
    expect((await refresh(app, user.refreshToken)).body.user.email).toBe(newEmail);
    await logIn(app, { email: newEmail, password: GOOD_PASSWORD });
    expect(await confirm(confirming)).toMatchObject(INVALID);
  });

  it('takes one round trip to read and one to commit', async () => {
    const before = app.roundTrips();
    await request();
    expect(app.roundTrips() - before).toBe(2);
  });

  it('is recorded in the audit log, requested and confirmed', async () => {
    await confirmChange();
    const { organizationId } = await whoAmI(app, user.accessToken);
    const audit = await ownerSql(
      `select action, before, after from audit_logs
       where organization_id = $1 and action like 'user.email_change%' order by action = 'user.email_changed'`,
      [organizationId],
    );
    expect(audit).toEqual([
      { action: 'user.email_change_requested', before: null, after: null },
      { action: 'user.email_changed', before: { email: user.email }, after: { email: newEmail } },
    ]);
  });

  it('needs the current password, and another address', async () => {
    expect(await request({ currentPassword: 'wrong' })).toMatchObject({
      status: 403,
      body: { code: 'accounts.wrong_password' },
    });
    expect(await request({ newEmail: user.email.toUpperCase() })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/newEmail' }] },
    });
  });

  it('is answered the same when the new address has an account, whose owner gets a notice without a link', async () => {
    const other = await signUpVerified();
    expect(await request({ newEmail: other.email })).toMatchObject({ status: 204, body: '' });
    await app.drain();
    const { subject, text } = app.mailbox.latestTo(other.email);
    expect(subject).toBe('Your address has an account already');
    expect(text).not.toContain('#token=');
  });

  it('is refused when the new address has got an account before it was confirmed', async () => {
    const { confirming } = await requestTokens();
    await signUp(app, newEmail);
    expect(await confirm(confirming)).toMatchObject({ status: 409, body: { code: 'accounts.email_taken' } });
  });

  it('is replaced by the next request, and expires after a day', async () => {
    const first = await requestTokens();
    const firstEmail = newEmail;
    newEmail = createEmail();
    const second = await requestTokens();
    expect(await confirm(first.confirming)).toMatchObject(INVALID);
    app.clock.advanceSeconds(86_401);
    expect(await confirm(second.confirming)).toMatchObject(INVALID);
    expect(mailsTo(firstEmail)).toHaveLength(1);
  });

  it('takes no token of the other kind', async () => {
    const { confirming, stopping } = await requestTokens();
    expect(await confirm(stopping)).toMatchObject(INVALID);
    expect(await stop(confirming)).toMatchObject(INVALID);
  });

  it('ends with a password that was reset by the old address', async () => {
    const { confirming } = await requestTokens();
    await post('auth/password/forgot', { email: user.email });
    await app.drain();
    app.clock.advanceSeconds(1);
    const token = tokenMailedTo(user.email);
    expect(await post('auth/password/reset', { token, newPassword: NEW_PASSWORD })).toMatchObject({
      status: 204,
    });
    expect(await confirm(confirming)).toMatchObject(INVALID);
  });

  it('ends the links for a new password that were mailed to the old address', async () => {
    await post('auth/password/forgot', { email: user.email });
    await app.drain();
    const token = tokenMailedTo(user.email);
    await confirmChange();
    expect(await post('auth/password/reset', { token, newPassword: NEW_PASSWORD })).toMatchObject({
      status: 400,
      body: { code: 'accounts.reset_token_invalid' },
    });
  });

  it('ends the link that verifies an address which was never verified, and informs nobody there', async () => {
    user = await signUp(app);
    await app.drain();
    const verifying = tokenMailedTo(user.email);
    await request();
    await app.drain();
    await confirm(tokenMailedTo(newEmail));
    await app.drain();
    expect(await post('auth/email/verify', { token: verifying })).toMatchObject({ status: 400 });
    expect(mailsTo(user.email)).toHaveLength(1);
  });

  it('ends the API keys made before the first proof of an address', async () => {
    user = await signUp(app);
    const { body } = await post('api-keys', { name: 'Early', scopes: ['read'] }, user.accessToken);
    await request();
    await app.drain();
    await confirm(tokenMailedTo(newEmail));
    const [key] = await ownerSql('select revoked_at from api_keys where id = $1', [body.id]);
    expect(key).not.toEqual({ revoked_at: null });
  });

  it('lets invitations follow the address, not the user', async () => {
    const { token, organizationId } = await app.person();
    const invitationTo = async (email: string) => {
      await post(`organizations/${organizationId}/invitations`, { email }, token);
      await app.drain();
      return /ali_[\w-]+/.exec(app.mailbox.latestTo(email).text)![0];
    };
    const [toOld, toNew] = [await invitationTo(user.email), await invitationTo(newEmail)];
    await confirmChange();
    expect(await post('invitations/accept', { token: toOld }, user.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'invitations.email_mismatch' },
    });
    expect(await post('invitations/accept', { token: toNew }, user.accessToken)).toMatchObject({
      status: 200,
    });
  });
});

describe('stopping a change of address', () => {
  it('leaves the address, and ends the password and all sessions', async () => {
    const { confirming, stopping } = await requestTokens();
    expect(await stop(stopping)).toMatchObject({ status: 204 });
    expect(await confirm(confirming)).toMatchObject(INVALID);
    expect(await emailOf(user.userId)).toEqual({ email: user.email, email_verified: true });
    expect(await refresh(app, user.refreshToken)).toMatchObject({ status: 401 });
    expect(await post('auth/login', { email: user.email, password: GOOD_PASSWORD })).toMatchObject({
      status: 401,
    });
    await app.drain();
    const token = tokenMailedTo(user.email);
    expect(await post('auth/password/reset', { token, newPassword: NEW_PASSWORD })).toMatchObject({
      status: 204,
    });
    await logIn(app, { email: user.email, password: NEW_PASSWORD });
    expect(await stop(stopping)).toMatchObject(INVALID);
  });

  it('undoes a confirmed change within seven days, with the API keys made since the request', async () => {
    const { body: old } = await post('api-keys', { name: 'Old', scopes: ['read'] }, user.accessToken);
    app.clock.advanceSeconds(1);
    const stopping = await confirmChange();
    app.clock.advanceSeconds(1);
    const { accessToken } = await logIn(app, { email: newEmail, password: GOOD_PASSWORD });
    const { body: late } = await post('api-keys', { name: 'Late', scopes: ['read'] }, accessToken);
    app.clock.advanceSeconds(7 * 86_400 - 60);
    expect(await stop(stopping)).toMatchObject({ status: 204 });
    expect(await emailOf(user.userId)).toEqual({ email: user.email, email_verified: true });
    const keys = await ownerSql('select id from api_keys where id = any($1) and revoked_at is null', [
      [old.id, late.id],
    ]);
    expect(keys).toEqual([{ id: old.id }]);
  });

  it('is too late after seven days', async () => {
    const stopping = await confirmChange();
    app.clock.advanceSeconds(7 * 86_400 + 1);
    expect(await stop(stopping)).toMatchObject(INVALID);
    await purgeExpiredChanges(app.services);
    expect(await ownerSql('select id from email_changes where user_id = $1', [user.userId])).toEqual([]);
  });

  it('works from the first verified address also after a second change', async () => {
    const stopping = await confirmChange();
    const second = createEmail();
    await request({ newEmail: second });
    await app.drain();
    await confirm(tokenMailedTo(second));
    expect(await emailOf(user.userId)).toMatchObject({ email: second });
    await app.drain();
    const stoppingSecond = tokenMailedTo(newEmail);
    expect(await stop(stopping)).toMatchObject({ status: 204 });
    expect(await emailOf(user.userId)).toMatchObject({ email: user.email });
    expect(await stop(stoppingSecond)).toMatchObject(INVALID);
  });

  it('cannot be prevented by a sign-up with the old address', async () => {
    const stopping = await confirmChange();
    const body = { email: user.email, password: GOOD_PASSWORD, name: 'Eve' };
    expect(await post('auth/signup', body)).toMatchObject({
      status: 409,
      body: { code: 'accounts.email_taken' },
    });
    expect(await stop(stopping)).toMatchObject({ status: 204 });
    app.clock.advanceSeconds(1);
    const released = await confirmChangeAgain();
    app.clock.advanceSeconds(7 * 86_400 + 1);
    expect(await stop(released)).toMatchObject(INVALID);
    expect(await post('auth/signup', body)).toMatchObject({ status: 201 });
  });

  /** Takes the account back with a new password, and changes the address once more. */
  async function confirmChangeAgain(): Promise<string> {
    await app.drain();
    await post('auth/password/reset', { token: tokenMailedTo(user.email), newPassword: NEW_PASSWORD });
    const { accessToken } = await logIn(app, { email: user.email, password: NEW_PASSWORD });
    newEmail = createEmail();
    app.clock.advanceSeconds(1);
    expect(await request({ currentPassword: NEW_PASSWORD }, accessToken)).toMatchObject({ status: 204 });
    await app.drain();
    await confirm(tokenMailedTo(newEmail));
    await app.drain();
    return tokenMailedTo(user.email);
  }
});
