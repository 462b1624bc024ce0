import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';
import { logIn, refresh, signUp } from '../../support/sign-in.ts';
import { ownerSql } from '../../contract/sql.ts';

/** The tables of the whole database with a row that contains one of the texts. */
async function tablesContaining(needles: readonly string[]): Promise<string[]> {
  const tables = await ownerSql<{ table_name: string }>(
    "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
  );
  const found: string[] = [];
  for (const { table_name: table } of tables)
    for (const needle of needles) {
      const rows = await ownerSql(`select 1 from "${table}" t where strpos(t::text, $1) > 0 limit 1`, [
        needle,
      ]);
      if (rows.length > 0) found.push(`${table}: ${needle}`);
    }
  return found;
}

it('stores no password and no token in readable form, in no table and in no log line', async () => {
  const app = createTestApp();
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const password = `a-password-${crypto.randomUUID()}`;
  const next = `another-${crypto.randomUUID()}`;
  const third = `third-${crypto.randomUUID()}`;
  const person = await signUp(app, undefined, password);
  const phone = await logIn(app, person);
  const refreshed = await refresh(app, phone.refreshToken, headers);
  await app.send('POST', '/api/v1/auth/login', { body: { email: person.email, password: next } });
  await app.send('POST', '/api/v1/users/me/password', {
    token: person.accessToken,
    body: { currentPassword: password, newPassword: next },
  });
  await app.send('POST', '/api/v1/auth/password/forgot', { body: { email: person.email } });
  await app.drain();
  const mailed = app.mailbox.mails.flatMap(({ text }) => /#token=(\S+)/.exec(text)?.[1] ?? []);
  expect(mailed).toHaveLength(2);
  const reset = { token: mailed.at(-1), newPassword: third };
  expect((await app.send('POST', '/api/v1/auth/password/reset', { body: reset })).status).toBe(204);
  const secrets = [
    password,
    next,
    third,
    ...mailed,
    ...[person, phone, refreshed.body].flatMap(({ accessToken, refreshToken }) => [
      accessToken,
      refreshToken,
    ]),
  ];
  expect(await tablesContaining(secrets)).toEqual([]);
  expect(await tablesContaining([person.userId])).not.toEqual([]);
  const log = JSON.stringify(app.log);
  expect(secrets.filter((each) => log.includes(each))).toEqual([]);
});
