import { beforeAll, describe, expect, it } from 'vitest';
import type { PasswordHasher } from '../../../src/identity/passwords/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import {
  GOOD_PASSWORD,
  logIn,
  refresh,
  type SignedIn,
  signUp,
  sortedStatuses,
} from '../../support/sign-in.ts';

const ME = '/api/v1/users/me';
const NEW_PASSWORD = 'eight-daisies-in-a-vase';
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

const changePassword = (person: SignedIn, currentPassword: string, newPassword = NEW_PASSWORD) =>
  app.send('POST', `${ME}/password`, { token: person.accessToken, body: { currentPassword, newPassword } });

describe('changing the password', () => {
  it('requires the current one, ends the other sessions and notifies the user by email', async () => {
    const laptop = await signUp(app);
    const phone = await logIn(app, laptop);
    expect(await changePassword(laptop, 'not-the-password')).toMatchObject({
      status: 403,
      body: { code: 'accounts.wrong_password' },
    });
    const before = app.roundTrips();
    expect((await changePassword(laptop, GOOD_PASSWORD)).status).toBe(204);
    expect(app.roundTrips() - before).toBe(2);
    expect((await refresh(app, phone.refreshToken)).status).toBe(401);
    expect((await refresh(app, laptop.refreshToken)).status).toBe(200);
    await expect(logIn(app, laptop)).rejects.toThrow('invalid_credentials');
    await logIn(app, { ...laptop, password: NEW_PASSWORD });
    await app.drain();
    expect(app.mailbox.latestTo(laptop.email).subject).toBe('Your password was changed');
  });

  it('refuses a weak new password', async () => {
    const person = await signUp(app);
    const answer = await changePassword(person, GOOD_PASSWORD, 'password1234');
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toMatchObject([{ pointer: '/newPassword' }]);
  });

  it('accepts one of two concurrent changes', async () => {
    const person = await signUp(app);
    const both = await Promise.all([
      changePassword(person, GOOD_PASSWORD, NEW_PASSWORD),
      changePassword(person, GOOD_PASSWORD, `${NEW_PASSWORD}-too`),
    ]);
    expect(sortedStatuses(both)).toEqual([204, 403]);
  });
});

/** Changes the person's password once the one of the next request was verified, before that request stores anything. */
function changeOnceVerified(person: SignedIn): void {
  const { passwords } = app.services.ports;
  const changing: PasswordHasher = {
    ...passwords,
    async verify(...asked) {
      const verified = await passwords.verify(...asked);
      app.services.ports.passwords = passwords;
      expect(await changePassword(person, GOOD_PASSWORD)).toMatchObject({ status: 204 });
      return verified;
    },
  };
  app.services.ports.passwords = changing;
}

it.each(['deletion', 'email'])(
  'a request to users/me/%s fails when the entered password is changed meanwhile',
  async (path) => {
    const { accessToken: token, ...person } = await signUp(app);
    const { body: me } = await app.send('GET', '/api/v1/auth/whoami', { token });
    await app.send('DELETE', `/api/v1/organizations/${me.organizationId}`, { token });
    const signedIn = await logIn(app, person);
    changeOnceVerified(signedIn);
    const answer = await app.send('POST', `${ME}/${path}`, {
      token: signedIn.accessToken,
      body: {
        currentPassword: GOOD_PASSWORD,
        ...(path === 'email' ? { newEmail: `new-${person.email}` } : {}),
      },
    });
    expect(answer).toMatchObject({ status: 403, body: { code: 'accounts.wrong_password' } });
  },
);

describe('a sign-in that runs while the password changes', () => {
  it('does not survive with the old one, wherever the change comes in between', async () => {
    const person = await signUp(app);
    changeOnceVerified(person);
    await expect(logIn(app, person)).rejects.toThrow('invalid_credentials');
    const sessions = await app.send('GET', `${ME}/sessions`, { token: person.accessToken });
    expect(sessions.body.data).toHaveLength(1);
  });

  it('leaves no session with the old one, when both commit at the same time', async () => {
    for (let round = 0; round < 6; round++) {
      const person = await signUp(app);
      const [changed, ...signedIn] = await Promise.allSettled([
        app.send('POST', `${ME}/password`, {
          token: person.accessToken,
          body: { currentPassword: GOOD_PASSWORD, newPassword: NEW_PASSWORD },
        }),
        logIn(app, person),
        logIn(app, person),
      ]);
      expect(changed).toMatchObject({ status: 'fulfilled', value: { status: 204 } });
      for (const each of signedIn)
        if (each.status === 'fulfilled')
          expect((await refresh(app, each.value.refreshToken)).status).toBe(401);
    }
  });
});

describe('thirty log-ins with wrong passwords that are waiting', () => {
  it('do not come before the owner’s own change of the password', async () => {
    const person = await signUp(app);
    const { passwords } = app.services.ports;
    const finished: string[] = [];
    let waiting = 0;
    let release = () => {};
    const allAsked = new Promise<void>((resolve) => (release = resolve));
    app.services.ports.passwords = {
      async verify(...asked) {
        if (++waiting === 31) release();
        await allAsked;
        const verified = await passwords.verify(...asked);
        finished.push(verified.matches ? 'owner verified' : 'guess');
        return verified;
      },
      async hash(...asked) {
        const hash = await passwords.hash(...asked);
        finished.push('owner hashed');
        return hash;
      },
    };
    const guesses = Array.from({ length: 30 }, () =>
      app.send('POST', '/api/v1/auth/login', {
        body: { email: person.email, password: 'not-the-password' },
      }),
    );
    const changed = await changePassword(person, GOOD_PASSWORD);
    await Promise.all(guesses);
    app.services.ports.passwords = passwords;
    expect(changed.status).toBe(204);
    expect(finished).toHaveLength(32);
    // Before each of its two hashes at most the one guess that is being computed.
    expect(finished.indexOf('owner hashed')).toBeLessThan(5);
  });
});
