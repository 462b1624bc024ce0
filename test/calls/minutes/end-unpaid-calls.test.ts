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
  await passMinutes(999);
});

async function passMinutes(minutes: number): Promise<void> {
  app.clock.advanceSeconds(minutes * 60);
  host = await renewToken(app, host);
}
async function connect({ callId, identity }: Pick<OpenCall, 'callId' | 'identity'>): Promise<void> {
  app.liveKit.cluster.join(callId, identity);
  await deliverAll(app);
}
async function sweep() {
  const outcome = await endUnpaidCalls(app.services);
  await deliverAll(app);
  return outcome;
}
/** Sweeps each minute, as the schedule does. */
async function sweepFor(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    app.clock.advanceSeconds(60);
    expect(await sweep()).toMatchObject({ failed: 0 });
  }
  host = await renewToken(app, host);
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
    await sweep();
    expect(noticesOf()).toEqual([]);
    await sweepFor(1);
    expect(noticesOf()).toMatchObject([{ code: 'call.minutes_used_up', level: 'warning', to: null }]);
    expect(noticesOf()[0]!.text).toContain('ends in 60 min');
    await sweepFor(57);
    expect(noticesOf()).toHaveLength(1);
    await sweepFor(1);
    expect(noticesOf()[1]!.text).toContain('the call ends in 120 s');
    await sweepFor(1);
    expect(noticesOf()).toHaveLength(2);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepFor(1);
    expect(await readCall()).toEqual(ENDED);
    expect(app.liveKit.cluster.rooms.has(call.callId)).toBe(false);
    expect(await join(app, host, call.roomId)).toMatchObject(minutesRefusal(1_060));
    const entries = await ownerSql(
      `select after ->> 'reason' as reason from audit_logs where organization_id = $1 and action = 'call.ended'`,
      [host.organizationId],
    );
    expect(entries).toEqual([{ reason: 'out_of_minutes' }]);
  });

  it('continues when more minutes are granted meanwhile, and has an hour again when those are used up', async () => {
    await sweepFor(50);
    await grantMinutes(app, host, 100);
    await sweepFor(40);
    expect(await readCall()).toEqual(ACTIVE);
    expect(await join(app, host, await createRoom(app, host))).toMatchObject({ status: 200 });
    await sweepFor(71);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepFor(60);
    expect(await readCall()).toEqual(ENDED);
  });

  it('continues on a larger plan, also when it is bought in the last moment', async () => {
    await sweepFor(60);
    app.clock.advanceSeconds(60);
    await changePlan(app, host, 'pro');
    await sweepFor(300);
    expect(await readCall()).toEqual(ACTIVE);
  });

  it('continues into the next month, whose minutes it uses, also without a new connection', async () => {
    await sweepFor(1);
    const now = new Date(app.clock.now());
    const monthEndMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1);
    const minutes = (monthEndMs - app.clock.now()) / 60_000;
    await ownerSql('delete from used_up_minutes', []);
    await passMinutes(minutes);
    await sweepFor(1);
    expect(await readCall()).toEqual(ACTIVE);
    expect((await ownerSql('select count(*)::int as rows from used_up_minutes'))[0]).toEqual({ rows: 0 });
    await passMinutes(998);
    await sweepFor(60);
    expect(await readCall()).toEqual(ACTIVE);
    await sweepFor(1);
    expect(await readCall()).toEqual(ENDED);
  });

  it('ends with all calls of the organization, also one to which people were moved meanwhile', async () => {
    await sweepFor(30);
    const toRoomId = await createRoom(app, host);
    const path = `/api/v1/rooms/${call.roomId}/participants/${call.participantId}/move`;
    expect(await app.send('POST', path, { token: host.token, body: { toRoomId } })).toMatchObject({
      status: 200,
    });
    const { ticket } = app.liveRooms.appliedCommands
      .map(({ command }) => command)
      .findLast((command) => command.type === 'participant.moved')!;
    const entered = await app.send('POST', `/api/v1/rooms/${toRoomId}/enter`, { body: { ticket } });
    expect(entered).toMatchObject({ status: 200 });
    await connect(entered.body);
    await sweepFor(1);
    expect(noticesOf(toRoomId)[0]!.text).toContain('ends in 30 min');
    await sweepFor(30);
    expect(await readCall(entered.body.callId)).toEqual(ENDED);
  });

  it('of an organization ends none of another one, nor one on a plan that charges more', async () => {
    const other = await app.person();
    const otherCall = await openCall(app, other);
    await connect(otherCall);
    const payer = await changePlan(app, await app.person(), 'pro');
    const room = await createRoom(app, payer);
    const paidCall = await joinRoom(app, payer, room);
    await connect(paidCall);
    await passMinutes(2);
    await sweepFor(61);
    expect(await readCall()).toEqual(ENDED);
    expect(await readCall(otherCall.callId)).toEqual(ACTIVE);
    expect(await readCall(paidCall.callId)).toEqual(ACTIVE);
  });
});
