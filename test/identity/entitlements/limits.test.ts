import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

/** Sets a limit of the owner's organization in its row, in place of that of its plan. */
const setLimit = (name: string, value: number) =>
  ownerSql('update organizations set limits = limits || $1::jsonb where id = $2', [
    JSON.stringify({ [name]: value }),
    owner.organizationId,
  ]);
const createRoom = (fields: Record<string, unknown> = {}) =>
  app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room', ...fields } });
const createKey = (fields: Record<string, unknown> = {}) =>
  app.send('POST', '/api/v1/api-keys', {
    token: owner.token,
    body: { name: 'Key', scopes: ['read'], ...fields },
  });
const invite = (email = `${crypto.randomUUID()}@auralink.test`) =>
  app.send('POST', `/api/v1/organizations/${owner.organizationId}/invitations`, {
    token: owner.token,
    body: { email, role: 'member' },
  });
const createLink = (roomId: string, fields: Record<string, unknown> = {}) =>
  app.send('POST', '/api/v1/links', { token: owner.token, body: { roomId, ...fields } });

/** @param isPlans whether the value is that of the plan, and was not set for the organization */
const refusal = (name: string, value: number, used: number | null, isPlans = false) => ({
  status: 402,
  body: {
    code: 'billing.limit_reached',
    limit: {
      name,
      plan: 'free',
      value,
      used,
      left: used === null ? null : Math.max(value - used, 0),
      plans: '/api/v1/billing/plans',
      remedy: isPlans ? 'larger_plan' : 'contact_support',
      upgradeUrl: isPlans ? 'https://app.auralink.test/billing' : null,
    },
  },
});

describe('the limits of a plan', () => {
  it('admit exactly as many as they allow when 200 requests come at once', async () => {
    await setLimit('rooms', 50);
    const answers = await Promise.all(Array.from({ length: 200 }, () => createRoom()));
    const byStatus = Object.groupBy(answers, ({ status }) => String(status));
    expect(
      Object.fromEntries(Object.entries(byStatus).map(([status, all]) => [status, all!.length])),
    ).toEqual({
      201: 50,
      402: 150,
    });
    const [count] = await ownerSql('select count(*)::int as rooms from rooms where organization_id = $1', [
      owner.organizationId,
    ]);
    expect(count).toEqual({ rooms: 50 });
  });

  it('are named in the refusal, with what is used, what is left and where the plans are', async () => {
    await setLimit('rooms', 1);
    await createRoom();
    const answer = await createRoom();
    expect(answer).toMatchObject(refusal('rooms', 1, 1));
    expect(answer.body.detail).toBe('the plan free allows 1 of rooms and 1 are used');
  });

  it('count what several rooms at once add, all of them or none', async () => {
    await setLimit('rooms', 2);
    const rooms = Array.from({ length: 3 }, (_each, index) => ({ name: `Room ${index}` }));
    const bulk = (body: unknown) => app.send('POST', '/api/v1/rooms/batch', { token: owner.token, body });
    expect(await bulk({ rooms })).toMatchObject(refusal('rooms', 2, 0));
    expect(await bulk({ rooms: rooms.slice(1) })).toMatchObject({ status: 201 });
  });

  it('no longer count a room that was deleted', async () => {
    await setLimit('rooms', 1);
    const { body } = await createRoom();
    await app.send('DELETE', `/api/v1/rooms/${body.id}`, { token: owner.token });
    expect(await createRoom()).toMatchObject({ status: 201 });
  });

  it('bound the capacity of a room, when it is created and when it grows', async () => {
    expect(await createRoom({ capacity: 101 })).toMatchObject(refusal('room_capacity', 100, null, true));
    const { body: room } = await createRoom({ capacity: 100 });
    const update = (capacity: number) =>
      app.send('PATCH', `/api/v1/rooms/${room.id}`, { token: owner.token, body: { capacity } });
    expect(await update(101)).toMatchObject(refusal('room_capacity', 100, null, true));
    expect(await update(99)).toMatchObject({ status: 200 });
  });

  it('bound the capacity that the type of a room gives it', async () => {
    expect((await createRoom({ type: 'broadcast' })).body).toMatchObject({ capacity: 100 });
  });

  it('bound the active API keys, not the revoked ones', async () => {
    await setLimit('api_keys', 1);
    const { body: key } = await createKey();
    expect(await createKey()).toMatchObject(refusal('api_keys', 1, 1));
    await app.send('DELETE', `/api/v1/api-keys/${key.id}`, { token: owner.token });
    expect(await createKey()).toMatchObject({ status: 201 });
  });

  it('bound the API keys that are made valid again after they expired', async () => {
    await setLimit('api_keys', 1);
    const { body: first } = await createKey();
    await ownerSql('update api_keys set expires_at = created_at where id = $1', [first.id]);
    const { body: second } = await createKey();
    const update = (body: unknown) =>
      app.send('PATCH', `/api/v1/api-keys/${first.id}`, { token: owner.token, body });
    expect(await update({ expiresAt: null })).toMatchObject(refusal('api_keys', 1, 1));
    expect(await update({ name: 'Former key' })).toMatchObject({ status: 200 });
    await app.send('DELETE', `/api/v1/api-keys/${second.id}`, { token: owner.token });
    expect(await update({ expiresAt: null })).toMatchObject({ status: 200, body: { status: 'active' } });
  });

  it('bound the invitations that wait, not those that expired', async () => {
    await setLimit('pending_invitations', 1);
    const { body: first } = await invite();
    expect(await invite()).toMatchObject(refusal('pending_invitations', 1, 1));
    await ownerSql('update invitations set expires_at = created_at where id = $1', [first.id]);
    expect(await invite()).toMatchObject({ status: 201 });
    app.clock.advanceSeconds(240);
    const path = `/api/v1/organizations/${owner.organizationId}/invitations/${first.id}/resend`;
    expect(await app.send('POST', path, { token: owner.token })).toMatchObject(
      refusal('pending_invitations', 1, 1),
    );
  });

  it('bound the active links, also when one is switched on again', async () => {
    await setLimit('links', 1);
    const { body: room } = await createRoom();
    const { body: link } = await createLink(room.id);
    expect(await createLink(room.id)).toMatchObject(refusal('links', 1, 1));
    const update = (body: unknown) =>
      app.send('PATCH', `/api/v1/links/${link.id}`, { token: owner.token, body });
    await update({ isActive: false });
    expect(await createLink(room.id)).toMatchObject({ status: 201 });
    expect(await update({ title: 'Still off' })).toMatchObject({ status: 200 });
    expect(await update({ isActive: true })).toMatchObject(refusal('links', 1, 1));
  });
});

describe('the limit of members', () => {
  const suspend = (memberId: string, status: string) =>
    app.send('PATCH', `/api/v1/organizations/${owner.organizationId}/members/${memberId}`, {
      token: owner.token,
      body: { status },
    });

  it('refuses an invitation that is accepted beyond it, and keeps the invitation', async () => {
    await setLimit('members', 1);
    const { body: invitation } = await invite('colleague@auralink.test');
    await app.drain();
    const token = /ali_[\w-]+/.exec(app.mailbox.mails.at(-1)!.text)![0];
    const accept = () =>
      app.send('POST', '/api/v1/invitations/accept-new', {
        body: { token, name: 'A Colleague', password: 'copper-lantern-77-moss' },
      });
    expect(await accept()).toMatchObject(refusal('members', 1, 1));
    await setLimit('members', 2);
    expect(await accept()).toMatchObject({ status: 201 });
    expect(invitation.status).toBe('pending');
  });

  it('keeps the members beyond it after a downgrade, and lets no one be reactivated', async () => {
    const { userId } = await app.person({ role: 'member', organizationId: owner.organizationId });
    const other = await app.person({ role: 'member', organizationId: owner.organizationId });
    await setLimit('members', 1);
    expect(await app.send('GET', '/api/v1/rooms', { token: other.token })).toMatchObject({ status: 200 });
    const [row] = await ownerSql('select id from members where user_id = $1', [userId]);
    const memberId = String(row!.id);
    expect(await suspend(memberId, 'suspended')).toMatchObject({ status: 200 });
    const answer = await suspend(memberId, 'active');
    expect(answer).toMatchObject(refusal('members', 1, 2));
    expect(answer.body.detail).toContain('what is there stays, nothing can be added');
  });
});

describe('a change of the plan', () => {
  const setPlan = (plan: string) =>
    app.send('PUT', `/api/v1/operator/organizations/${owner.organizationId}/plan`, {
      token: app.operator,
      body: { plan, reason: 'Paid by bank transfer' },
    });

  it('applies at once, also to what the former plan refused', async () => {
    expect(await setPlan('pro')).toMatchObject({ status: 200, body: { plan: 'pro' } });
    const [row] = await ownerSql('select plan, plan_version from organizations where id = $1', [
      owner.organizationId,
    ]);
    expect(row).toEqual({ plan: 'pro', plan_version: 1 });
    const fresh = await app.person({ organizationId: owner.organizationId, plan: 'pro' });
    const answer = await app.send('POST', '/api/v1/rooms', {
      token: fresh.token,
      body: { name: 'Hall', capacity: 300 },
    });
    expect(answer).toMatchObject({ status: 201 });
  });

  it('outdates tokens that state the former plan, without another round trip', async () => {
    await setPlan('pro');
    const before = app.roundTrips();
    expect(await createRoom()).toMatchObject({ status: 401, body: { code: 'auth.outdated_token' } });
    expect(app.roundTrips() - before).toBe(1);
  });

  it('is recorded with its reason, and only when something changes', async () => {
    await setPlan('pro');
    await setPlan('pro');
    const entries = await ownerSql(
      `select after from audit_logs where organization_id = $1 and action = 'organization.plan_changed'`,
      [owner.organizationId],
    );
    expect(entries).toEqual([{ after: { plan: 'pro', planVersion: 1, reason: 'Paid by bank transfer' } }]);
  });

  it('to a smaller plan leaves a larger room, whose calls take no more than the plan allows', async () => {
    await setLimit('room_capacity', 3);
    const { body: room } = await createRoom({ capacity: 3 });
    await setLimit('room_capacity', 1);
    const join = async (role: 'member') => {
      const { token } = await app.person({ role, organizationId: owner.organizationId });
      return app.send('POST', `/api/v1/rooms/${room.id}/token`, { token, body: { name: 'Someone' } });
    };
    expect(await join('member')).toMatchObject({ status: 200 });
    expect(await join('member')).toMatchObject({ status: 409, body: { code: 'rooms.full' } });
    const rename = { token: owner.token, body: { name: 'Renamed' } };
    expect(await app.send('PATCH', `/api/v1/rooms/${room.id}`, rename)).toMatchObject({ status: 200 });
  });
});
