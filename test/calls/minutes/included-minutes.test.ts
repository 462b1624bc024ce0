import { beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { changePlan, grantMinutes, revokeGrant } from '../../billing/usage/support.ts';
import { deliverAll, openCall, type OpenCall, renewToken } from '../calls/support.ts';
import { createAppInMidMonth, createRoom, join, minutesRefusal } from './support.ts';

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createAppInMidMonth();
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
const enter = (person: Person, roomId: string) => join(app, person, roomId);
const colleague = () => app.person({ role: 'member', organizationId: host.organizationId });
const otherRoom = () => createRoom(app, host);

describe('the included minutes of the free plan', () => {
  it('refuse a new call and a new participant once they are used up, and nothing else', async () => {
    const call = await openCall(app, host);
    await connect(call);
    const other = await otherRoom();
    await passMinutes(999);
    expect(await enter(await colleague(), other)).toMatchObject({ status: 200 });
    await passMinutes(1);
    const answer = await enter(await colleague(), other);
    expect(answer).toMatchObject(minutesRefusal(1_000));
    expect(answer.body.detail).toBe(
      'the plan free includes 1000 participant_minutes in this month and 1000 are used',
    );
    expect(await enter(await colleague(), call.roomId)).toMatchObject(minutesRefusal(1_000));
    expect(await enter(await colleague(), await otherRoom())).toMatchObject(minutesRefusal(1_000));
  });

  it('let people come back to the call that they were in, and to no other', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    expect(await enter(host, call.roomId)).toMatchObject({ status: 200, body: { callId: call.callId } });
    app.liveKit.cluster.leave(call.callId, call.identity);
    await deliverAll(app);
    expect(await enter(host, call.roomId)).toMatchObject({ status: 200, body: { callId: call.callId } });
    expect(await enter(host, await otherRoom())).toMatchObject(minutesRefusal(1_000));
  });

  it('refuse people at the lobby, not only once they are let in', async () => {
    const call = await openCall(app, host, { lobby: true });
    await connect(call);
    const person = await colleague();
    await passMinutes(1_000);
    const waiting = await renewToken(app, person);
    expect(await enter(waiting, call.roomId)).toMatchObject(minutesRefusal(1_000));
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
    expect(answer).toMatchObject(minutesRefusal(1_000));
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
    expect(await enter(await colleague(), second.roomId)).toMatchObject({ status: 200 });
    await passMinutes(2);
    expect(await enter(await colleague(), second.roomId)).toMatchObject(minutesRefusal(1_001));
  });

  it('are there again in the next month', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    app.liveKit.cluster.leave(call.callId, call.identity);
    await deliverAll(app);
    expect(await enter(await colleague(), call.roomId)).toMatchObject(minutesRefusal(1_000));
    await passMinutes(25 * 24 * 60);
    expect(await enter(await colleague(), call.roomId)).toMatchObject({ status: 200 });
  });

  it('count a connection that lasts over the turn of the month with its part in each', async () => {
    const call = await openCall(app, host);
    const now = new Date(app.clock.now());
    const monthEndMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    await passMinutes((monthEndMs - app.clock.now()) / 60_000 - 500);
    const { callId } = (await enter(host, call.roomId)).body;
    await connect({ callId, identity: call.identity });
    await passMinutes(500 + 999);
    expect(await enter(await colleague(), await otherRoom())).toMatchObject({ status: 200 });
    await passMinutes(1);
    expect(await enter(await colleague(), await otherRoom())).toMatchObject(minutesRefusal(1_000));
  });

  it('grow with a credit, until it is revoked', async () => {
    const call = await openCall(app, host);
    await connect(call);
    await passMinutes(1_000);
    const grantId = await grantMinutes(app, host, 500);
    expect(await enter(await colleague(), call.roomId)).toMatchObject({ status: 200 });
    await revokeGrant(app, host, grantId);
    expect(await enter(await colleague(), call.roomId)).toMatchObject(minutesRefusal(1_000));
    await grantMinutes(app, host, 500, { endsAt: new Date(app.clock.now() + 60_000).toISOString() });
    expect(await enter(await colleague(), call.roomId)).toMatchObject({ status: 200 });
    await passMinutes(1);
    expect(await enter(await colleague(), call.roomId)).toMatchObject(minutesRefusal(1_001));
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
    expect(await visit()).toMatchObject(minutesRefusal(20_000));
    const other = await otherRoom();
    const payer = await changePlan(app, host, 'pro');
    expect(await enter(payer, other)).toMatchObject({ status: 200 });
    expect(await enter(payer, call.roomId)).toMatchObject({ status: 200 });
    expect(await visit()).toMatchObject({ status: 200 });
    await changePlan(app, host, 'free');
    expect(await visit()).toMatchObject(minutesRefusal(20_000));
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
    expect(await count(() => enter({ ...host, token }, call.roomId))).toBe(2);
    await passMinutes(1_000);
    const late = await renewToken(app, { ...newcomer, role: 'member' });
    expect(
      await count(async () => expect(await enter(late, call.roomId)).toMatchObject(minutesRefusal(1_000))),
    ).toBe(2);
  });
});
