import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

const read = (token = owner.token) => app.send('GET', '/api/v1/billing/entitlements', { token });
const grant = async (kind: string, name: string, value: number, endsInSeconds: number | null = null) => {
  const path = `/api/v1/operator/organizations/${owner.organizationId}/entitlement-grants`;
  const endsAt =
    endsInSeconds === null ? null : new Date(app.clock.now() + endsInSeconds * 1000).toISOString();
  const body = { kind, name, value, endsAt, reason: 'Pilot' };
  expect(await app.send('POST', path, { token: app.operator, body })).toMatchObject({ status: 201 });
};

describe('the entitlements of an organization', () => {
  it('say what is used and left of each limit', async () => {
    await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
    const { body } = await read();
    expect(body).toMatchObject({ plan: 'free', planVersion: 1 });
    expect(body.limits).toContainEqual({ name: 'members', value: 10, used: 1, left: 9, source: 'plan' });
    expect(body.limits).toContainEqual({ name: 'rooms', value: 100, used: 1, left: 99, source: 'plan' });
  });

  it('are those of a grant until it ends, in the answer and where things are created', async () => {
    await grant('limit', 'rooms', 0, 60);
    await grant('credit', 'participant_minutes', 500);
    const { body } = await read();
    expect(body.limits).toContainEqual({ name: 'rooms', value: 0, used: 0, left: 0, source: 'override' });
    expect(body.included).toContainEqual({ meter: 'participant_minutes', amount: 1_500, credit: 500 });
    const create = () => app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
    expect(await create()).toMatchObject({ status: 402, body: { code: 'billing.limit_reached' } });
    app.clock.advanceSeconds(61);
    expect(await create()).toMatchObject({ status: 201 });
  });

  it('show the grants in force and those to come with their reason and end, not those that are over', async () => {
    await grant('limit', 'rooms', 0, 60);
    app.clock.advanceSeconds(61);
    await grant('credit', 'participant_minutes', 500, 3_600);
    const { body } = await read();
    expect(body.grants).toEqual([
      expect.objectContaining({
        kind: 'credit',
        name: 'participant_minutes',
        value: 500,
        reason: 'Pilot',
        status: 'active',
        endsAt: new Date(app.clock.now() + 3_600_000).toISOString(),
      }),
    ]);
  });

  it('without a feature refuse what needs it', async () => {
    await grant('feature', 'guest_links', 0);
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
    const link = await app.send('POST', '/api/v1/links', {
      token: owner.token,
      body: { roomId: room.body.id },
    });
    expect(link).toMatchObject({ status: 402, body: { code: 'billing.feature_not_included' } });
  });

  it('are shown to owners and administrators alone', async () => {
    const { token } = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await read(token)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
  });
});
