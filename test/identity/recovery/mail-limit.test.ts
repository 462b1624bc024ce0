import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';
import { signUp } from '../../support/sign-in.ts';

const REQUESTS = 8;
let app: TestApp;

beforeAll(() => {
  const clock = { now: () => app.clock.now() };
  app = createTestApp({ limiter: new MemoryLimiters(clock).ports().limiter });
});

const mailsTo = (email: string) => app.mailbox.mails.filter((mail) => mail.to === email).length;

/** Sends the request several times, each time from another IP address. */
async function repeat(send: (ip: string) => Promise<{ status: number }>): Promise<void> {
  for (let i = 1; i <= REQUESTS; i++) expect((await send(`192.0.2.${i}`)).status).toBe(204);
  await app.drain();
}

describe('the mail limit', () => {
  it('sends at most five password resets an hour to one mailbox, from however many IP addresses', async () => {
    const { email } = await signUp(app);
    await app.drain();
    const send = (ip: string) =>
      app.send('POST', '/api/v1/auth/password/forgot', {
        body: { email },
        headers: { 'cf-connecting-ip': ip },
      });
    await repeat(send);
    expect(mailsTo(email)).toBe(1 + 5);
    app.clock.advanceSeconds(3_600);
    await send('192.0.2.1');
    await app.drain();
    expect(mailsTo(email)).toBe(1 + 5 + 1);
  });

  it('sends at most five verification emails an hour to an address that may be somebody else’s', async () => {
    const { email, accessToken: token } = await signUp(app);
    const path = '/api/v1/users/me/email/verification';
    await repeat((ip) => app.send('POST', path, { token, headers: { 'cf-connecting-ip': ip } }));
    expect(mailsTo(email)).toBe(1 + 5);
  });

  it('sends at most ten notices of a changed password an hour, which resets do not use up', async () => {
    const person = await signUp(app);
    await app.drain();
    await repeat((ip) =>
      app.send('POST', '/api/v1/auth/password/forgot', {
        body: { email: person.email },
        headers: { 'cf-connecting-ip': ip },
      }),
    );
    for (let i = 1; i <= 12; i++) {
      const body = {
        currentPassword: i === 1 ? person.password : `another-tulip-4${i - 1}-curtain`,
        newPassword: `another-tulip-4${i}-curtain`,
      };
      const headers = { 'cf-connecting-ip': `192.0.2.${i}` };
      const path = '/api/v1/users/me/password';
      expect((await app.send('POST', path, { token: person.accessToken, body, headers })).status).toBe(204);
    }
    await app.drain();
    expect(mailsTo(person.email)).toBe(1 + 5 + 10);
  });

  it('sends at most five notices of repeated sign-ups an hour to the owner of an address', async () => {
    const { email, password } = await signUp(app);
    await app.drain();
    for (let i = 1; i <= REQUESTS; i++) {
      const headers = { 'cf-connecting-ip': `192.0.2.${i}` };
      const body = { email, password, name: 'Eve' };
      expect((await app.send('POST', '/api/v1/auth/signup', { body, headers })).status).toBe(409);
    }
    await app.drain();
    expect(mailsTo(email)).toBe(1 + 5);
  });
});
