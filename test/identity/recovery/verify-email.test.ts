import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { signUp } from '../../support/sign-in.ts';

let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const post = (path: string, body: unknown) => app.send('POST', `/api/v1/auth/${path}`, { body });
const tokenMailedTo = (email: string) =>
  decodeURIComponent(/#token=(\S+)/.exec(app.mailbox.latestTo(email).text)![1]!);

const INVALID_VERIFICATION = { status: 400, body: { code: 'accounts.verification_token_invalid' } };

describe('verifying an email address', () => {
  it('takes the token mailed at sign-up; verifying twice changes nothing', async () => {
    const person = await signUp(app);
    await app.drain();
    const token = tokenMailedTo(person.email);
    expect((await post('email/verify', { token })).status).toBe(204);
    expect((await post('email/verify', { token })).status).toBe(204);
    const me = await app.send('GET', '/api/v1/users/me', { token: person.accessToken });
    expect(me.body.emailVerified).toBe(true);
  });

  it('refuses a token that has expired, was altered, or serves another purpose', async () => {
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

  it('sends another email on request, unless the address is verified', async () => {
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
