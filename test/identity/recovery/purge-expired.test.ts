import { expect, it } from 'vitest';
import { purgeExpiredVerifications } from '../../../src/identity/recovery/purge-expired-verifications.ts';
import { purgeExpiredSessions } from '../../../src/identity/sessions/purge-expired-sessions.ts';
import { createTestApp } from '../../support/app.ts';
import { logIn, refresh, signUp } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

it('deletes expired resets and refresh tokens at once, sessions a month after they expired, nothing earlier', async () => {
  const app = createTestApp();
  const user = await signUp(app);
  await app.send('POST', '/api/v1/auth/password/forgot', { body: { email: user.email } });
  await app.drain();
  const purge = async () => {
    await purgeExpiredSessions(app.services);
    await purgeExpiredVerifications(app.services);
  };
  const count = async (sql: string) => (await ownerSql(sql, [user.userId])).length;
  const sessions = () => count('select id from sessions where user_id = $1');
  const resets = () => count('select id from verifications where value = $1');
  const refreshTokens = () =>
    count('select r.id from refresh_tokens r join sessions s on s.id = r.session_id where s.user_id = $1');
  await purge();
  expect([await sessions(), await resets(), await refreshTokens()]).toEqual([1, 1, 1]);
  app.clock.advanceSeconds(604_801);
  const recent = await logIn(app, user);
  await purge();
  expect([await sessions(), await resets(), await refreshTokens()]).toEqual([2, 0, 1]);
  app.clock.advanceSeconds(30 * 86_400);
  await purge();
  expect(await sessions()).toBe(1);
  expect((await refresh(app, recent.refreshToken)).status).toBe(401);
});
