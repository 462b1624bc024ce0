import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

const PATH = '/api/v1/ai/preferences';
const OWN = `${PATH}/me`;
const MODEL = 'claude-haiku-4-5';
const NONE = {
  defaultModel: null,
  policy: null,
  allowedModels: null,
  blockedModels: [],
  maxPriceMicros: null,
};

let app: TestApp;
let owner: Person;

beforeAll(() => {
  app = createTestApp();
});
beforeEach(async () => {
  owner = await app.person();
});

const set = (path: string, fields: object, { token } = owner, headers: Record<string, string> = {}) =>
  app.send('PUT', path, { token, body: { ...NONE, ...fields }, headers });
const get = (path: string, { token } = owner) => app.send('GET', path, { token });

describe.each([
  [PATH, { reuseAnswersSeconds: null, hedgeAfterSeconds: null }],
  [OWN, {}],
])('%s', (path, more) => {
  it('has nothing while it was never set, and then what was set', async () => {
    expect((await get(path)).body).toEqual({ ...NONE, ...more, updatedAt: null });
    const fields = { defaultModel: MODEL, policy: 'fastest', allowedModels: [MODEL], maxPriceMicros: 9 };
    await set(path, fields);
    expect((await get(path)).body).toEqual({ ...NONE, ...more, ...fields, updatedAt: expect.any(String) });
  });

  it('is replaced in the version that was read alone', async () => {
    const first = await set(path, { policy: 'cheapest' });
    const headers = { 'if-match': first.headers.get('etag')! };
    const both = await Promise.all([
      set(path, { policy: 'cheapest' }, owner, headers),
      set(path, { policy: 'fastest' }, owner, headers),
    ]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  it.each([
    [{ defaultModel: 'no-such-model' }, '/defaultModel'],
    [{ allowedModels: [MODEL, 'no-such-model'] }, '/allowedModels/1'],
    [{ blockedModels: ['no-such-model'] }, '/blockedModels/0'],
    [{ defaultModel: MODEL, blockedModels: [MODEL] }, '/defaultModel'],
    [{ defaultModel: MODEL, allowedModels: ['claude-opus-5'] }, '/defaultModel'],
    [{ allowedModels: [] }, '/allowedModels'],
  ])('refuses what cannot be meant: %j', async (fields, pointer) => {
    const refused = await set(path, fields);
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });
});

it('are set for the organization by its administrators alone, and audited', async () => {
  const member = await app.person({ organizationId: owner.organizationId, role: 'member' });
  expect(await set(PATH, {}, member)).toMatchObject({ status: 403 });
  expect(await get(PATH, member)).toMatchObject({ status: 403 });
  await set(PATH, { policy: 'cheapest', blockedModels: [MODEL] });
  expect(
    await ownerSql(
      `select before, after from audit_logs where organization_id = $1 and action = 'ai_preferences.set'`,
      [owner.organizationId],
    ),
  ).toEqual([
    {
      before: { policy: null, blockedModels: [] },
      after: { policy: 'cheapest', blockedModels: [MODEL] },
    },
  ]);
});

it('of a person show to nobody else, and go with the membership', async () => {
  const member = await app.person({ organizationId: owner.organizationId, role: 'member' });
  await set(OWN, { policy: 'cheapest' }, member);
  expect((await get(OWN)).body.policy).toBeNull();
  expect((await get(OWN, member)).body.policy).toBe('cheapest');
  await ownerSql(`delete from members where user_id = $1`, [member.userId]);
  expect(await ownerSql(`select 1 from ai_personal_preferences where user_id = $1`, [member.userId])).toEqual(
    [],
  );
});
