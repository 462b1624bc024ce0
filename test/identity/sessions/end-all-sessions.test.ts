import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { logIn, refresh, type SignedIn, signUp } from '../../support/sign-in.ts';

let app: TestApp;
beforeAll(() => {
  app = createTestApp();
});

const PATH = '/api/v1/users/me/sessions';
const end = ({ accessToken }: SignedIn, query = '') =>
  app.send('DELETE', `${PATH}${query}`, { token: accessToken });

async function expectEnded({ accessToken, refreshToken }: SignedIn): Promise<void> {
  expect(await app.send('GET', PATH, { token: accessToken })).toMatchObject({ status: 401 });
  expect(await refresh(app, refreshToken)).toMatchObject({ status: 401 });
}

describe('signing out everywhere', () => {
  it('ends every session of the user, the current one among them, and none of another user', async () => {
    const phone = await signUp(app);
    const laptop = await logIn(app, phone);
    const other = await signUp(app);
    expect(await end(laptop)).toMatchObject({ status: 204 });
    await expectEnded(phone);
    await expectEnded(laptop);
    expect(await app.send('GET', PATH, { token: other.accessToken })).toMatchObject({ status: 200 });
    const again = await logIn(app, phone);
    const trail = await app.send('GET', '/api/v1/audit/logs?action=user.sessions_revoked', {
      token: again.accessToken,
    });
    expect(trail.body.data).toEqual([expect.objectContaining({ after: { count: 2, exceptCurrent: false } })]);
  });

  it('keeps the session of the request when it asks for that', async () => {
    const phone = await signUp(app);
    const laptop = await logIn(app, phone);
    expect(await end(laptop, '?exceptCurrent=true')).toMatchObject({ status: 204 });
    await expectEnded(phone);
    const left = await app.send('GET', PATH, { token: laptop.accessToken });
    expect(left.body.data).toEqual([expect.objectContaining({ current: true })]);
    expect(await refresh(app, laptop.refreshToken)).toMatchObject({ status: 200 });
  });
});
