import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { idempotencyRecords } from '../../../src/kernel/idempotency/idempotency.tables.ts';
import { sweepIdempotencyRecords } from '../../../src/kernel/idempotency/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

let app: TestApp;
let person: Person;
const path = '/api/v1/organizations';
const DAY_SECONDS = 86_400;

beforeEach(async () => {
  app = createTestApp();
  person = await app.person();
});

const body = () => ({ name: 'Once', slug: `once-${crypto.randomUUID()}` });
const createOrganization = (who: Person, input: object, key: string) =>
  app.send('POST', path, { token: who.token, body: input, headers: { 'idempotency-key': key } });
const recordsOf = async ({ userId }: Person) => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(idempotencyRecords).where(eq(idempotencyRecords.scope, userId)),
  ]);
  return rows;
};

it('a key belongs to its actor: the same key of another user is another key', async () => {
  const outsider = await app.person();
  const mine = await createOrganization(person, body(), 'shared-key');
  const theirs = await createOrganization(outsider, body(), 'shared-key');
  expect([mine.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.body.id).not.toBe(mine.body.id);
});

it('a key belongs to an organization: after a switch it never returns a response of the other one', async () => {
  const { body: second } = await createOrganization(person, body(), 'second-organization');
  const membership = { organizationId: second.id, role: 'owner', plan: 'free' };
  const claims = { userId: person.userId, sessionId: person.sessionId, membership };
  const elsewhere = await signAccessToken(app.services.signer, claims, 300);
  const makeKey = (token: string) =>
    app.send('POST', '/api/v1/api-keys', {
      token,
      body: { name: 'Reports' },
      headers: { 'idempotency-key': 'reports' },
    });
  expect((await makeKey(person.token)).status).toBe(201);
  const answer = await makeKey(elsewhere);
  expect(answer.status).toBe(409);
  expect(answer.body.code).toBe('idempotency.key_reused');
});

it('errors are not stored: a corrected request may use the same key', async () => {
  const taken = body();
  await createOrganization(person, taken, 'first');
  expect((await createOrganization(person, taken, 'second')).status).toBe(409);
  expect((await createOrganization(person, body(), 'second')).status).toBe(201);
});

it('the stored response is encrypted and bound to actor and key', async () => {
  const made = await createOrganization(person, body(), 'sealed');
  const [record] = await recordsOf(person);
  expect(record!.reply).not.toContain(made.body.id);
  await expect(
    app.services.vault.decrypt(record!.reply, 'idempotency_records.someone.sealed'),
  ).rejects.toThrow(/bound/);
});

it('a key of other than visible ASCII or longer than 255 characters is refused', async () => {
  for (const key of ['with space', 'x'.repeat(256)]) {
    const answer = await createOrganization(person, body(), key);
    expect(answer.status).toBe(400);
    expect(answer.body.errors[0].pointer).toBe('#/header/Idempotency-Key');
  }
});

it('a key is kept for 24 hours; after that it is new, and its record is deleted', async () => {
  const what = body();
  await createOrganization(person, what, 'daily');
  app.clock.advanceSeconds(DAY_SECONDS - 1);
  await sweepIdempotencyRecords(app.services);
  expect(await recordsOf(person)).toHaveLength(1);
  app.clock.advanceSeconds(1);
  await sweepIdempotencyRecords(app.services);
  expect(await recordsOf(person)).toHaveLength(0);
});

it('an expired record that was not deleted yet is replaced', async () => {
  await createOrganization(person, body(), 'reused');
  app.clock.advanceSeconds(DAY_SECONDS);
  const answer = await createOrganization(await withFreshToken(app, person), body(), 'reused');
  expect(answer.status).toBe(201);
  expect(answer.headers.get('idempotent-replayed')).toBeNull();
});
