import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { changePlan } from '../../billing/usage/support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

const pathOf = (organizationId = owner.organizationId) =>
  `/api/v1/operator/organizations/${organizationId}/entitlement-grants`;
const post = (fields: Record<string, unknown>) =>
  app.send('POST', pathOf(), {
    token: app.operator,
    body: { kind: 'limit', name: 'rooms', value: 50, reason: 'Pilot', ...fields },
  });
const grant = async (fields: Record<string, unknown> = {}) => {
  const answer = await post(fields);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};
const revoke = (grantId: string) =>
  app.send('POST', `${pathOf()}/${grantId}/revoke`, { token: app.operator, body: { reason: 'By mistake' } });
const inSeconds = (seconds: number) => new Date(app.clock.now() + seconds * 1000).toISOString();
const createRoom = ({ token } = owner) =>
  app.send('POST', '/api/v1/rooms', { token, body: { name: 'Room' } });
const countRooms = async () => {
  const [row] = await ownerSql('select count(*)::int as rooms from rooms where organization_id = $1', [
    owner.organizationId,
  ]);
  return row!.rooms as number;
};

describe('a grant', () => {
  it('counts from its start up to its end, each to the moment, without any task running', async () => {
    await grant({ value: 0, startsAt: inSeconds(60), endsAt: inSeconds(120) });
    app.clock.advanceSeconds(59.999);
    expect(await createRoom()).toMatchObject({ status: 201 });
    app.clock.advanceSeconds(0.001);
    expect(await createRoom()).toMatchObject({ status: 402, body: { limit: { name: 'rooms', value: 0 } } });
    app.clock.advanceSeconds(59.999);
    expect(await createRoom()).toMatchObject({ status: 402 });
    app.clock.advanceSeconds(0.001);
    expect(await createRoom()).toMatchObject({ status: 201 });
  });

  it('that ends leaves what is beyond the limit, and nothing is added to it', async () => {
    await grant({ value: 1 });
    app.clock.advanceSeconds(1);
    await grant({ value: 3, endsAt: inSeconds(60) });
    for (let room = 0; room < 3; room++) expect(await createRoom()).toMatchObject({ status: 201 });
    app.clock.advanceSeconds(60);
    const answer = await createRoom();
    expect(answer).toMatchObject({ status: 402, body: { limit: { value: 1, used: 3, left: 0 } } });
    expect(answer.body.detail).toContain('what is there stays');
    expect(await countRooms()).toBe(3);
  });

  it('gives way to a newer one for the same limit, and counts again when that is revoked', async () => {
    await grant({ value: 0 });
    app.clock.advanceSeconds(1);
    const { id } = await grant({ value: 10 });
    expect(await createRoom()).toMatchObject({ status: 201 });
    expect(await revoke(id)).toMatchObject({
      status: 200,
      body: { status: 'revoked', revokedReason: 'By mistake', revokedAt: inSeconds(0) },
    });
    expect(await createRoom()).toMatchObject({ status: 402 });
  });

  it('stays in force over a change of the plan, in both directions', async () => {
    await grant({ value: 1 });
    const pro = await changePlan(app, owner, 'pro');
    expect(await createRoom(pro)).toMatchObject({ status: 201 });
    expect(await createRoom(pro)).toMatchObject({ status: 402, body: { limit: { plan: 'pro', value: 1 } } });
    const free = await changePlan(app, owner, 'free');
    expect(await createRoom(free)).toMatchObject({
      status: 402,
      body: { limit: { plan: 'free', value: 1 } },
    });
  });

  it('that is revoked while 50 requests run admits no request that commits after it', async () => {
    await grant({ value: 0 });
    app.clock.advanceSeconds(1);
    const { id } = await grant({ value: 1_000 });
    const requests = Array.from({ length: 50 }, () => createRoom());
    const revoked = revoke(id).then(async (answer) => ({ answer, rooms: await countRooms() }));
    const answers = await Promise.all(requests);
    const { answer } = await revoked;
    expect(answer).toMatchObject({ status: 200 });
    const admitted = answers.filter(({ status }) => status === 201).length;
    expect(admitted + answers.filter(({ status }) => status === 402).length).toBe(50);
    expect(await countRooms()).toBe(admitted);
    expect(await createRoom()).toMatchObject({ status: 402 });
  });

  it('of 3 rooms admits exactly 3 of 50 requests at once', async () => {
    await grant({ value: 3 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => createRoom()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await countRooms()).toBe(3);
  });

  it('is refused with a start in the past, an end before its start, or a name of another kind', async () => {
    for (const fields of [
      { startsAt: inSeconds(-1) },
      { startsAt: inSeconds(60), endsAt: inSeconds(60) },
      { endsAt: inSeconds(0) },
      { kind: 'credit', name: 'rooms' },
      { kind: 'feature', name: 'breakouts', value: 2 },
    ])
      expect(await post(fields)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });
});

describe('operators', () => {
  it('see all grants of an organization, the newest first, with what has become of them', async () => {
    const first = await grant({ endsAt: inSeconds(60) });
    app.clock.advanceSeconds(1);
    const second = await grant();
    await revoke(second.id);
    app.clock.advanceSeconds(1);
    const third = await grant({ startsAt: inSeconds(120) });
    app.clock.advanceSeconds(60);
    const list = (query = '') => app.send('GET', `${pathOf()}${query}`, { token: app.operator });
    const { body } = await list();
    expect(body.data).toMatchObject([
      { id: third.id, status: 'scheduled' },
      { id: second.id, status: 'revoked' },
      { id: first.id, status: 'ended' },
    ]);
    const page = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${page.body.nextCursor}`);
    expect([...page.body.data, ...rest.body.data]).toEqual(body.data);
  });

  it('leave an entry with the reason in the audit log for each grant and revocation, one for the latter', async () => {
    const { id } = await grant();
    await revoke(id);
    expect(await revoke(id)).toMatchObject({ status: 200, body: { revokedReason: 'By mistake' } });
    const entries = await ownerSql(
      `select action, after ->> 'reason' as reason, target_id from audit_logs
       where organization_id = $1 and action like 'entitlement.%' order by action`,
      [owner.organizationId],
    );
    expect(entries).toEqual([
      { action: 'entitlement.granted', reason: 'Pilot', target_id: id },
      { action: 'entitlement.revoked', reason: 'By mistake', target_id: id },
    ]);
  });

  it('find neither grants of another organization nor an organization that is deleted', async () => {
    const { id } = await grant();
    const other = await app.person();
    const path = `${pathOf(other.organizationId)}/${id}/revoke`;
    expect(await app.send('POST', path, { token: app.operator, body: { reason: 'No' } })).toMatchObject({
      status: 404,
      body: { code: 'billing.grant_not_found' },
    });
    await app.send('DELETE', `/api/v1/organizations/${owner.organizationId}`, { token: owner.token });
    expect(await post({})).toMatchObject({ status: 404, body: { code: 'organizations.not_found' } });
  });
});
