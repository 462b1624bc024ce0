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
/** Another member joins the call and connects. */
async function joinColleague() {
  const person = await app.person({ role: 'member', organizationId: host.organizationId });
  host = await renewToken(app, host);
  const seat = await joinRoom(app, person, call.roomId);
  await connect(seat);
  return seat;
}
/** Moves a participant of the call. @returns the ticket that they get */
async function moveTo(toRoomId: string, { participantId }: { participantId: string }) {
  const path = `/api/v1/rooms/${call.roomId}/participants/${participantId}/move`;
  const moved = await app.send('POST', path, { token: host.token, body: { toRoomId } });
  expect(moved).toMatchObject({ status: 200 });
  const { ticket } = app.liveRooms.appliedCommands
    .map(({ command }) => command)
    .findLast((command) => command.type === 'participant.moved')!;
  return ticket;
}
const enter = (roomId: string, ticket: string | null) =>
  app.send('POST', `/api/v1/rooms/${roomId}/enter`, { body: { ticket } });
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
    host = await renewToken(app, host);
    const other = await openCall(app, host);
    await connect(other);
    const seat = await joinColleague();
    await sweepAfter(1);
    await sweepAfter(30);
    const entered = await enter(other.roomId, await moveTo(other.roomId, seat));
    expect(entered).toMatchObject({ status: 200, body: { callId: other.callId } });
    await connect(entered.body);
    await sweepAfter(1);
    expect(noticesOf(other.roomId)[0]!.text).toContain('ends in 60 min');
    await sweepAfter(29);
    expect(await readCall()).toEqual(ENDED);
    expect(await readCall(other.callId)).toEqual(ENDED);
  });

  it('is the last one: a move into another room begins none, neither before the end nor after it', async () => {
    const seat = await joinColleague();
    await sweepAfter(1);
    const toRoomId = await createRoom(app, host);
    expect(await enter(toRoomId, await moveTo(toRoomId, seat))).toMatchObject({ status: 402 });
    await sweepAfter(58);
    const ticket = await moveTo(toRoomId, seat);
    await sweepAfter(2);
    expect(await readCall()).toEqual(ENDED);
    await sweepAfter(1);
    expect(await enter(toRoomId, ticket)).toMatchObject({
      status: 402,
      body: { code: 'billing.limit_reached' },
    });
  });

  it('leaves no hour to a call that begins after it; more minutes do', async () => {
    await sweepAfter(1);
    await sweepAfter(60);
    expect(await readCall()).toEqual(ENDED);
    await sweepAfter(1);
    // As a request that was admitted in the last moment stores it.
    await ownerSql(`update calls set status = 'active', ended_at = null, end_reason = null where id = $1`, [
      call.callId,
    ]);
    await sweepAfter(1);
    expect(await readCall()).toEqual(ENDED);
    await grantMinutes(app, host, 1_000);
    await sweepAfter(1);
    const marked = await ownerSql('select 1 from used_up_minutes where organization_id = $1', [
      host.organizationId,
    ]);
    expect(marked).toEqual([]);
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
