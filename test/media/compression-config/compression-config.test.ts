import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';

const app = createTestApp();
const base = '/api/v1/aic/config';
let owner: Person;
let member: Person;
let roomId: string;

beforeEach(async () => {
  owner = await app.person();
  member = await app.person({ role: 'member', organizationId: owner.organizationId });
  const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Support' } });
  roomId = room.body.id as string;
});

const send = (
  method: string,
  path: string,
  body?: object,
  by = owner,
  headers: Record<string, string> = {},
) => app.send(method, path, { token: by.token, headers, ...(body ? { body } : {}) });
const effective = async (by = member) => {
  const answer = await send('GET', `${base}/effective?roomId=${roomId}`, undefined, by);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
};

describe('the compression config', () => {
  it('is off until it is set, and each value comes from the most particular config that sets it', async () => {
    expect(await send('GET', base)).toMatchObject({ status: 200, body: { mode: 'off', updatedAt: null } });
    expect(await effective()).toMatchObject({
      mode: 'off',
      modeSource: 'product',
      maxSendBpsSource: 'product',
    });
    expect(await send('PUT', base, { mode: 'adaptive', maxSendBps: 900_000 })).toMatchObject({ status: 200 });
    expect(await effective()).toEqual({
      mode: 'adaptive',
      modeSource: 'organization',
      maxSendBps: 900_000,
      maxSendBpsSource: 'organization',
      codec: 'av1',
      codecSource: 'product',
      minSsim: 0.96,
      minSsimSource: 'product',
      targetSavingRatio: 0.8,
    });
    const room = `${base}/rooms/${roomId}`;
    expect(await send('PUT', room, { mode: 'aggressive', maxSendBps: null })).toMatchObject({ status: 200 });
    expect(await effective()).toMatchObject({ mode: 'aggressive', modeSource: 'room', maxSendBps: 900_000 });
    const own = `${base}/users/${member.userId}`;
    expect(await send('PUT', own, { mode: 'off', maxSendBps: null }, member)).toMatchObject({ status: 200 });
    expect(await effective()).toMatchObject({
      mode: 'off',
      modeSource: 'user',
      maxSendBpsSource: 'organization',
    });
    expect(await effective(owner)).toMatchObject({ mode: 'aggressive', modeSource: 'room' });
    for (const path of [own, room]) expect(await send('DELETE', path)).toMatchObject({ status: 204 });
    expect(await send('GET', room)).toMatchObject({
      status: 404,
      body: { code: 'compression.config_not_found' },
    });
    expect(await effective()).toMatchObject({ mode: 'adaptive', modeSource: 'organization' });
  });

  it('says what copies are, which no plan is needed for, until it is replaced', async () => {
    const set = await send('PATCH', base, { codec: 'h264', minSsim: 0.99 });
    expect(set).toMatchObject({ status: 200, body: { mode: null, codec: 'h264', minSsim: 0.99 } });
    await send('PATCH', `${base}/rooms/${roomId}`, { minSsim: 0.9 });
    expect(await effective()).toMatchObject({
      codec: 'h264',
      codecSource: 'organization',
      minSsim: 0.9,
      minSsimSource: 'room',
    });
    expect(await send('PATCH', base, { minSsim: 0.999 })).toMatchObject({ status: 400 });
    const replaced = await send('PUT', base, { mode: 'adaptive', maxSendBps: null });
    expect(replaced).toMatchObject({ status: 200, body: { codec: null, minSsim: null } });
  });

  it('is changed by users for themselves, by hosts for their rooms, and by administrators for all', async () => {
    const set = { mode: 'conservative', maxSendBps: null };
    const other = `${base}/users/${owner.userId}`;
    for (const path of [base, `${base}/rooms/${roomId}`])
      expect(await send('PUT', path, set, member), path).toMatchObject({ status: 403 });
    for (const [method, body] of [['GET'], ['PUT', set], ['DELETE']] as [string, object?][])
      expect(await send(method, other, body, member)).toMatchObject({ status: 404 });
    const query = `?userId=${owner.userId}`;
    expect(await send('GET', `${base}/effective${query}`, undefined, member)).toMatchObject({ status: 404 });
    expect(await send('PUT', `${base}/users/${member.userId}`, set)).toMatchObject({ status: 200 });
    const elsewhere = await app.person();
    expect(await send('PUT', `${base}/users/${elsewhere.userId}`, set)).toMatchObject({
      status: 404,
      body: { code: 'compression.user_not_found' },
    });
    expect(await send('PUT', `${base}/rooms/${roomId}`, set, elsewhere)).toMatchObject({ status: 404 });
  });

  it('refuses a stale write, merges a partial one, and records who changed what', async () => {
    await send('PUT', base, { mode: 'adaptive', maxSendBps: 500_000 });
    const { headers } = await send('GET', base);
    const etag = headers.get('etag')!;
    const patched = await send('PATCH', base, { mode: 'conservative' }, owner, { 'if-match': etag });
    expect(patched).toMatchObject({ status: 200, body: { mode: 'conservative', maxSendBps: 500_000 } });
    expect(
      await send('PUT', base, { mode: 'off', maxSendBps: null }, owner, { 'if-match': etag }),
    ).toMatchObject({
      status: 412,
    });
    const rows = await ownerSql<{ action: string; before: object; after: object }>(
      `select action, before, after from audit_logs where organization_id = $1 and before->>'mode' = 'adaptive'`,
      [owner.organizationId],
    );
    expect(rows).toMatchObject([{ before: { mode: 'adaptive' }, after: { mode: 'conservative' } }]);
    const room = `${base}/rooms/${roomId}`;
    const both = await Promise.all(
      [1, 2].map(() => send('PUT', room, { mode: 'adaptive', maxSendBps: null })),
    );
    expect(both.filter(({ status }) => status === 200).length).toBeGreaterThan(0);
    expect(both.every(({ status }) => status === 200 || status === 412)).toBe(true);
  });

  it('is off without the feature of the plan, which also refuses another mode', async () => {
    const org = await app.person();
    await send('PUT', base, { mode: 'adaptive', maxSendBps: 400_000 }, org);
    const granted = await app.send(
      'POST',
      `/api/v1/operator/organizations/${org.organizationId}/entitlement-grants`,
      {
        token: app.operator,
        body: { kind: 'feature', name: 'compression', value: 0, endsAt: null, reason: 'Pilot' },
      },
    );
    expect(granted).toMatchObject({ status: 201 });
    const found = await send('GET', `${base}/effective`, undefined, org);
    expect(found.body).toMatchObject({ mode: 'off', modeSource: 'plan', maxSendBps: 400_000 });
    expect(await send('PATCH', base, { mode: 'aggressive' }, org)).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    expect(await send('PATCH', base, { mode: 'off' }, org)).toMatchObject({ status: 200 });
  });
});
