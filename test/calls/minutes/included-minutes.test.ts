import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { changePlan, grantMinutes, revokeGrant } from '../../billing/usage/support.ts';
import { deliverAll, openCall, type OpenCall, renewToken } from '../calls/support.ts';

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createTestApp();
  // The tenth of a month, at noon.
  const now = new Date(app.clock.now());
  const at = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 10, 12);
  app.clock.advanceSeconds((at - app.clock.now()) / 1000);
  host = await app.person();
});

/** Lets the time pass, and the access tokens be refreshed. */
async function passMinutes(minutes: number): Promise<void> {
  app.clock.advanceSeconds(minutes * 60);
  host = await renewToken(app, host);
}
const connect = async ({ callId, identity }: Pick<OpenCall, 'callId' | 'identity'>) => {
  app.liveKit.cluster.join(callId, identity);
  await deliverAll(app);
};
const join = (person: Person, roomId: string) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
const colleague = () => app.person({ role: 'member', organizationId: host.organizationId });
const createRoom = async () => {
  const { body } = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Other' } });
  return body.id as string;
};
const refusal = (used: number, value = 1_000) => ({
  status: 402,
  body: {
    code: 'billing.limit_reached',
    limit: {
      name: 'participant_minutes',
      plan: 'free',
      value,
      used,
      left: 0,
      plans: '/api/v1/billing/plans',
    },
  },
});

describe('the included minutes of the free plan', () => {
  it('refuse a new call and a new participant once they are used up, and nothing else', async () => {
    const call = await openCall(app, host);
    await connect(call);
    const other = await createRoom();
    await passMinutes(999);
    expect(await join(await colleague(), other)).toMatchObject({ status: 200 });
    await passMinutes(1);
    const answer = await join(await colleague(), other);
    expect(answer).toMatchObject(refusal(1_000));
    expect(answer.body.detail).toBe(
      'the plan free includes 1000 participant_minutes in this month and 1000 are used',
    );
    expect(await join(await colleague(), call.roomId)).toMatchObject(refusal(1_000));
    expect(await join(await colleague(), await createRoom())).toMatchObject(refusal(1_000));
  });

  it('let people come back to the call that they were in, and to no other', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    expect(await join(host, call.roomId)).toMatchObject({ status: 200, body: { callId: call.callId } });
    app.liveKit.cluster.leave(call.callId, call.identity);
    await deliverAll(app);
    expect(await join(host, call.roomId)).toMatchObject({ status: 200, body: { callId: call.callId } });
    expect(await join(host, await createRoom())).toMatchObject(refusal(1_000));
  });

  it('refuse people at the lobby, not only once they are let in', async () => {
    const call = await openCall(app, host, { lobby: true });
    await connect(call);
    const person = await colleague();
    await passMinutes(1_000);
    const waiting = await renewToken(app, person);
    expect(await join(waiting, call.roomId)).toMatchObject(refusal(1_000));
  });

  it('refuse a ring, so that no one is rung for a call that cannot begin', async () => {
    const call = await openCall(app, host);
    await connect(call);
    const callee = await colleague();
    await passMinutes(1_000);
    const answer = await app.send('POST', '/api/v1/rings', {
      token: host.token,
      body: { to: callee.userId },
    });
    expect(answer).toMatchObject(refusal(1_000));
  });

  it('count all connections of the month, those that ended and those that run', async () => {
    const first = await openCall(app, host);
    await connect(first);
    const second = await openCall(app, host);
    await connect(second);
    await passMinutes(300);
    app.liveKit.cluster.leave(first.callId, first.identity);
    await deliverAll(app);
    await passMinutes(399);
    expect(await join(await colleague(), second.roomId)).toMatchObject({ status: 200 });
    await passMinutes(2);
    expect(await join(await colleague(), second.roomId)).toMatchObject(refusal(1_001));
  });

  it('are there again in the next month', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    app.liveKit.cluster.leave(call.callId, call.identity);
    await deliverAll(app);
    expect(await join(await colleague(), call.roomId)).toMatchObject(refusal(1_000));
    await passMinutes(25 * 24 * 60);
    expect(await join(await colleague(), call.roomId)).toMatchObject({ status: 200 });
  });

  it('grow with a credit, until it is revoked', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    const grantId = await grantMinutes(app, host, 500);
    expect(await join(await colleague(), call.roomId)).toMatchObject({ status: 200 });
    await revokeGrant(app, host, grantId);
    expect(await join(await colleague(), call.roomId)).toMatchObject(refusal(1_000));
    await grantMinutes(app, host, 500, { endsAt: new Date(app.clock.now() + 60_000).toISOString() });
    expect(await join(await colleague(), call.roomId)).toMatchObject({ status: 200 });
    await passMinutes(1);
    expect(await join(await colleague(), call.roomId)).toMatchObject(refusal(1_001));
  });

  it('are no end on a larger plan, for members and guests alike, and again one after a downgrade', async () => {
    const call = await openCall(app, host);
    await connect(call);
    const { body: link } = await app.send('POST', '/api/v1/links', {
      token: host.token,
      body: { roomId: call.roomId },
    });
    const visit = () => app.send('POST', `/api/v1/links/${link.code}/join`, { body: { name: 'Guest' } });
    await passMinutes(20_000);
    expect(await visit()).toMatchObject(refusal(20_000));
    const other = await createRoom();
    const payer = await changePlan(app, host, 'pro');
    expect(await join(payer, other)).toMatchObject({ status: 200 });
    expect(await join(payer, call.roomId)).toMatchObject({ status: 200 });
    expect(await visit()).toMatchObject({ status: 200 });
    await changePlan(app, host, 'free');
    expect(await visit()).toMatchObject(refusal(20_000));
  });

  it('refuse without another round trip to the database', async () => {
    const call = await openCall(app, host);
    await connect(call);
    const { token } = await colleague();
    const newcomer = await colleague();
    const count = async (work: () => Promise<unknown>) => {
      const before = app.roundTrips();
      await work();
      return app.roundTrips() - before;
    };
    expect(await count(() => join({ ...host, token }, call.roomId))).toBe(2);
    await passMinutes(1_000);
    const late = await renewToken(app, { ...newcomer, role: 'member' });
    expect(await count(async () => expect(await join(late, call.roomId)).toMatchObject(refusal(1_000)))).toBe(
      2,
    );
  });
});
