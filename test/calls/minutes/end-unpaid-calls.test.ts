import { beforeEach, describe, expect, it } from 'vitest';
import { endUnpaidCalls } from '../../../src/calls/minutes/end-unpaid-calls.ts';
import { ownerSql } from '../../contract/sql.ts';
import { changePlan, grantMinutes } from '../../billing/usage/support.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { deliverAll, joinRoom, openCall, type OpenCall, renewToken } from '../calls/support.ts';
import { createAppInMidMonth, createRoom, join, minutesRefusal } from './support.ts';

let app: TestApp;
let host: Person;
let call: OpenCall;

/** A call in which the host has been until the minutes of the plan are used up. */
beforeEach(async () => {
  app = createAppInMidMonth();
  host = await app.person();
  call = await openCall(app, host);
  await connect(call);
  app.clock.advanceSeconds(999 * 60);
});

async function connect({ callId, identity }: Pick<OpenCall, 'callId' | 'identity'>): Promise<void> {
  app.liveKit.cluster.join(callId, identity);
  await deliverAll(app);
}
/** Lets the time pass, and then the scheduled task run once. */
async function sweepAfter(minutes: number): Promise<void> {
  app.clock.advanceSeconds(minutes * 60);
  host = await renewToken(app, host);
  expect(await endUnpaidCalls(app.services)).toMatchObject({ failed: 0 });
  await deliverAll(app);
}
const readCall = async (callId = call.callId) => {
  const [row] = await ownerSql('select status, end_reason from calls where id = $1', [callId]);
  return row;
};
const noticesOf = (roomId = call.roomId) => {
  const notices = app.liveRooms.appliedCommands.flatMap((applied) =>
    applied.roomId === roomId && applied.command.type === 'notice' ? [applied.command] : [],
  );
  return [...new Map(notices.toReversed().map((notice) => [notice.key, notice])).values()].toReversed();
};
const ACTIVE = { status: 'active', end_reason: null };
const ENDED = { status: 'ended', end_reason: 'out_of_minutes' };

describe('a call that runs when the minutes of the plan are used up', () => {
  it('continues for an hour after it, with a warning at once and one two minutes before the end', async () => {
    await sweepAfter(0);
    expect(noticesOf()).toEqual([]);
    await sweepAfter(1);
    expect(noticesOf()).toMatchObject([{ code: 'call.minutes_used_up', level: 'warning', to: null }]);
    expect(noticesOf()[0]!.text).toContain('ends in 60 min');
    await sweepAfter(57);
    expect(noticesOf()).toHaveLength(1);
    await sweepAfter(1);
    expect(noticesOf()[1]!.text).toContain('the call ends in 120 s');
    await sweepAfter(1);
    expect(noticesOf()).toHaveLength(2);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepAfter(1);
    expect(await readCall()).toEqual(ENDED);
    expect(app.liveKit.cluster.rooms.has(call.callId)).toBe(false);
    expect(await join(app, host, call.roomId)).toMatchObject(minutesRefusal(1_060));
    const entries = await ownerSql(
      `select after ->> 'reason' as reason from audit_logs where organization_id = $1 and action = 'call.ended'`,
      [host.organizationId],
    );
    expect(entries).toEqual([{ reason: 'out_of_minutes' }]);
  });

  it('continues when more minutes are granted, and has an hour again when those are used up', async () => {
    await sweepAfter(1);
    await sweepAfter(49);
    await grantMinutes(app, host, 100);
    await sweepAfter(40);
    expect(await join(app, host, await createRoom(app, host))).toMatchObject({ status: 200 });
    await sweepAfter(11);
    await sweepAfter(59);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepAfter(1);
    expect(await readCall()).toEqual(ENDED);
  });

  it('continues on a plan that charges more, also when it is bought in the last moment', async () => {
    await sweepAfter(1);
    app.clock.advanceSeconds(3_600);
    await changePlan(app, host, 'pro');
    await sweepAfter(20_000);
    expect(await readCall()).toEqual(ACTIVE);
  });

  it('continues into the next month and uses its minutes, also without a new connection', async () => {
    await sweepAfter(1);
    const now = new Date(app.clock.now());
    const monthEndMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    app.clock.advanceSeconds((monthEndMs - app.clock.now()) / 1000);
    await sweepAfter(999);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepAfter(1);
    await sweepAfter(59);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepAfter(1);
    expect(await readCall()).toEqual(ENDED);
  });

  it('ends with all calls of the organization, also one to which somebody was moved meanwhile', async () => {
    const person = await app.person({ role: 'member', organizationId: host.organizationId });
    host = await renewToken(app, host);
    const seat = await joinRoom(app, person, call.roomId);
    await connect(seat);
    await sweepAfter(1);
    await sweepAfter(30);
    const toRoomId = await createRoom(app, host);
    const path = `/api/v1/rooms/${call.roomId}/participants/${seat.participantId}/move`;
    const moved = await app.send('POST', path, { token: host.token, body: { toRoomId } });
    expect(moved).toMatchObject({ status: 200 });
    const { ticket } = app.liveRooms.appliedCommands
      .map(({ command }) => command)
      .findLast((command) => command.type === 'participant.moved')!;
    const entered = await app.send('POST', `/api/v1/rooms/${toRoomId}/enter`, { body: { ticket } });
    expect(entered).toMatchObject({ status: 200 });
    await connect(entered.body);
    await sweepAfter(1);
    expect(noticesOf(toRoomId)[0]!.text).toContain('ends in 29 min');
    await sweepAfter(29);
    expect(await readCall()).toEqual(ENDED);
    expect(await readCall(entered.body.callId)).toEqual(ENDED);
  });

  it('ends no call of another organization', async () => {
    const other = await app.person();
    const otherCall = await openCall(app, other);
    await connect(otherCall);
    await sweepAfter(1);
    await sweepAfter(60);
    expect(await readCall()).toEqual(ENDED);
    expect(await readCall(otherCall.callId)).toEqual(ACTIVE);
    expect(noticesOf(otherCall.roomId)).toEqual([]);
  });
});
