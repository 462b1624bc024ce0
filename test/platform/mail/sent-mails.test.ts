import { beforeEach, expect, it } from 'vitest';
import { fetchUsage, periodAround } from '../../billing/usage/support.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  await app.drain();
});

const invite = async (email: string) => {
  const body = { email, role: 'member' };
  const path = `/api/v1/organizations/${owner.organizationId}/invitations`;
  expect(await app.send('POST', path, { token: owner.token, body })).toMatchObject({ status: 201 });
  await app.drain();
};
const countMails = async () => {
  const { groups } = await fetchUsage(app, owner, `breakdown?meter=mails&by=kind&${periodAround(app)}`);
  return groups.map(({ value, quantity }: { value: string; quantity: number }) => [value, quantity]);
};

it('a mail of an organization is usage, once, however often it was attempted', async () => {
  await invite('one@example.com');
  app.mailbox.misbehave('lost_answer');
  await invite('two@example.com');
  app.clock.advanceSeconds(120);
  await app.drain();
  expect(await countMails()).toEqual([['invitation', 2]]);
});

it('a mail that the provider refuses is no usage', async () => {
  app.mailbox.misbehave('refuse');
  await invite('refused@example.com');
  expect(app.mailbox.attempts).toBeGreaterThan(0);
  expect(await countMails()).toEqual([]);
});

it('usage of mails names the user who caused them, and nowhere an address or a recipient', async () => {
  await invite('somebody@example.com');
  const rows = await ownerSql(`select * from usage_events where organization_id = $1 and meter = 'mails'`, [
    owner.organizationId,
  ]);
  expect(rows).toMatchObject([{ user_id: owner.userId, quantity: '1', dimensions: { kind: 'invitation' } }]);
  expect(JSON.stringify(rows)).not.toContain('somebody');
});
