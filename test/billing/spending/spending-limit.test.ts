import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectToCount } from '../../../src/billing/spending/spending.queries.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { monthOf } from '../../../src/billing/usage/index.ts';
import { countRowsRead, ownerSql } from '../../contract/sql.ts';
import { addEndedConnections, createRoom, join, toMidMonth } from '../../calls/minutes/support.ts';
import { deliverAll, reduceEventsOf, sendEvents } from '../../calls/calls/support.ts';
import type { TestApp } from '../../support/app.ts';
import { changePlan, grantMinutes, recordMinutes } from '../usage/support.ts';
import {
  createPayer,
  createSpendingWorld,
  type Payer,
  passMinutes,
  settle,
  type SpendingWorld,
} from './support.ts';

let world: SpendingWorld;
let app: TestApp;
beforeAll(async () => {
  world = await createSpendingWorld(PAYERS);
  ({ app } = world);
});
afterAll(() => world.close());

const PAYERS = 19;
const REFUSED = {
  status: 402,
  body: { code: 'billing.limit_reached', limit: { name: 'spending', remedy: 'raise_limit' } },
};
const readCall = async (callId: string) => {
  const [row] = await ownerSql('select status, end_reason from calls where id = $1', [callId]);
  return row;
};
const ENDED = { status: 'ended', end_reason: 'out_of_budget' };
const noticesOf = (roomId: string) =>
  app.liveRooms.appliedCommands.flatMap((applied) =>
    applied.roomId === roomId && applied.command.type === 'notice' ? [applied.command] : [],
  );
/** Puts the subscription into a trial, as somebody does at Stripe. */
const giveTrial = (payer: Payer, lastsMs: number) =>
  updateAtStripe(payer, { trial_end: Math.floor((app.clock.now() + lastsMs) / 1000) });
async function updateAtStripe(payer: Payer, change: { trial_end: number | 'now' }): Promise<void> {
  const [row] = await ownerSql(
    'select provider_subscription_id as id from subscriptions where organization_id = $1',
    [payer.owner.organizationId],
  );
  await world.stripe.stripe.subscriptions.update(row!['id'] as string, change);
  await world.stripe.settle();
}
/** @param minutes after the start of the next month */
function toNextMonth(minutes = 60): void {
  const now = new Date(app.clock.now());
  const next = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1, 0, minutes);
  app.clock.advanceSeconds((next - now.getTime()) / 1000);
}

describe('the spending limit', () => {
  it('is set, read and removed by owners, with an audit entry; others are refused', async () => {
    const payer = await world.takePayer();
    expect(await payer.spending()).toEqual({
      limit: null,
      spent: 0,
      reserved: 0,
      left: null,
      reached: false,
    });
    expect(await payer.setLimit(500)).toMatchObject({ limit: 500, spent: 0, left: 500 });
    expect(await payer.setLimit(null)).toMatchObject({ limit: null, left: null });
    const entries = await ownerSql(
      `select before -> 'limit' ->> 'amountMicros' as before, after -> 'limit' ->> 'amountMicros' as after from audit_logs
       where organization_id = $1 and action = 'spending_limit.changed' order by before nulls first`,
      [payer.owner.organizationId],
    );
    expect(entries).toEqual([
      { before: null, after: '5000000' },
      { before: '5000000', after: null },
    ]);
    const admin = await app.person({ role: 'admin', organizationId: payer.owner.organizationId });
    const body = { limit: { amountMicros: 1, currency: 'USD' } };
    const path = '/api/v1/billing/spending-limit';
    expect(await app.send('PUT', path, { token: admin.token, body })).toMatchObject({ status: 403 });
    const inEuro = { limit: { amountMicros: 1, currency: 'EUR' } };
    expect(await payer.send('PUT', 'billing/spending-limit', inEuro)).toMatchObject({ status: 400 });
  });

  it('counts what running calls have used and reserves ten minutes for each participant', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(500);
    const call = await payer.openCall();
    expect(await payer.spending()).toMatchObject({ spent: 0, reserved: 10, left: 490 });
    await payer.connect(call);
    await payer.addParticipant(call);
    app.clock.advanceSeconds(20 * 60);
    expect(await payer.spending()).toMatchObject({ spent: 40, reserved: 20, left: 440 });
    app.liveKit.cluster.leave(call.callId, call.identity);
    await deliverAll(app);
    expect(await payer.spending()).toMatchObject({ spent: 40, reserved: 10, left: 450 });
  });

  it('refuses to admit a participant whom it does not cover, and to ring; one who was there comes back', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(35);
    const call = await payer.openCall();
    await payer.connect(call);
    await payer.addParticipant(call);
    await passMinutes(app, 2);
    expect(await payer.spending()).toMatchObject({ spent: 4, reserved: 20, left: 11, reached: false });
    await passMinutes(app, 1);
    expect(await payer.spending()).toMatchObject({ spent: 6, left: 9, reached: true });
    const refused = await payer.joinAsColleague(call.roomId);
    expect(refused).toMatchObject(REFUSED);
    expect(refused.body.limit).toEqual({
      name: 'spending',
      plan: 'pro',
      value: 350_000,
      used: 60_000,
      left: 90_000,
      moreSeats: null,
      seatsNeeded: null,
      plans: '/api/v1/billing/plans',
      remedy: 'raise_limit',
      upgradeUrl: null,
      hint: 'Ask an owner of the organization to raise the spending limit.',
    });
    const callee = await app.person({ role: 'member', organizationId: payer.owner.organizationId });
    expect(await payer.send('POST', 'rings', { to: callee.userId })).toMatchObject(REFUSED);
    const again = await join(app, await payer.renew(), call.roomId);
    expect(again).toMatchObject({ status: 200, body: { callId: call.callId } });
    expect(await payer.setLimit(100)).toMatchObject({ reached: false });
    expect(await payer.joinAsColleague(call.roomId)).toMatchObject({ status: 200 });
  });

  it('admits exactly as many of requests at once as it covers, and a seat that is never used frees what it reserved', async () => {
    const payer = await world.takePayer();
    const call = await payer.openCall({ capacity: 300 });
    const keyBody = { name: 'Many', scopes: ['rooms:write', 'rooms:read'] };
    const { secret } = (await payer.send('POST', 'api-keys', keyBody)).body;
    await payer.setLimit(0);
    // What 26 participants reserve; the host is one of them.
    await ownerSql('update minute_budgets set left_ms = 26 * 600000 + 1 where organization_id = $1', [
      payer.owner.organizationId,
    ]);
    const enter = (number: number) =>
      app.send('POST', `/api/v1/rooms/${call.roomId}/token`, {
        token: secret,
        body: { identity: `guest-${number}` },
      });
    const answers = await Promise.all(Array.from({ length: 100 }, (_, number) => enter(number)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(25);
    expect(answers.find(({ status }) => status !== 200)).toMatchObject(REFUSED);
    const [seats] = await ownerSql(
      'select count(*)::integer as count from call_participants where call_id = $1',
      [call.callId],
    );
    expect(seats).toEqual({ count: 26 });
    app.clock.advanceSeconds(600);
    expect(await enter(201)).toMatchObject({ status: 200 });
  });

  it('warns the people in calls and ends all calls before it is passed, and says so once', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(60);
    const call = await payer.openCall();
    await payer.connect(call);
    await payer.addParticipant(call);
    await passMinutes(app, 20);
    expect(noticesOf(call.roomId)).toEqual([]);
    await passMinutes(app, 1);
    expect(noticesOf(call.roomId).at(-1)).toMatchObject({
      code: 'call.spending_limit',
      level: 'warning',
      to: null,
    });
    expect(noticesOf(call.roomId)[0]!.text).toContain('ends in about 9 min');
    await passMinutes(app, 3);
    await passMinutes(app, 4);
    expect(await readCall(call.callId)).toMatchObject({ status: 'active' });
    await passMinutes(app, 1);
    expect(await readCall(call.callId)).toEqual(ENDED);
    expect(app.liveKit.cluster.rooms.has(call.callId)).toBe(false);
    await passMinutes(app, 1);
    expect(await payer.spending()).toMatchObject({
      limit: 60,
      spent: 58,
      reserved: 0,
      left: 2,
      reached: true,
    });
    expect(await join(app, await payer.renew(), call.roomId)).toMatchObject(REFUSED);
    expect(await payer.eventTypes()).toEqual([
      'billing.spending_limit_changed',
      'billing.spending_limit_near',
      'billing.spending_limit_reached',
    ]);
    const subjects = app.mailbox.mails
      .filter(({ to, subject }) => to === payer.owner.email && subject.includes('spending limit'))
      .map(({ subject }) => subject);
    expect(subjects).toEqual([
      expect.stringContaining('has spent 80% of its spending limit'),
      expect.stringContaining('has reached its spending limit'),
    ]);
    expect(app.mailbox.latestTo(payer.owner.email).text).toContain('its limit is 0.6 USD');
  });

  it('that is raised in the last minute lets calls continue', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(20);
    const call = await payer.openCall();
    await payer.connect(call);
    await passMinutes(app, 18);
    await payer.setLimit(1_000);
    await passMinutes(app, 10);
    expect(await readCall(call.callId)).toMatchObject({ status: 'active' });
    await payer.setLimit(28);
    await settle(app);
    expect(await readCall(call.callId)).toEqual(ENDED);
  });

  it('covers what the plan includes and credits besides', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(0);
    await settle(app);
    const roomId = (await payer.send('POST', 'rooms', { name: 'Room' })).body.id;
    expect(await join(app, await payer.renew(), roomId)).toMatchObject(REFUSED);
    await grantMinutes(app, payer.owner, 30);
    app.clock.advanceSeconds(3_600);
    await settle(app);
    expect(await join(app, await payer.renew(), roomId)).toMatchObject({ status: 200 });
    expect(await payer.spending()).toMatchObject({ spent: 0, reserved: 0, left: 0, reached: false });
  });

  it('is refused where nothing is charged: on the free plan, and on one as agreed without a subscription', async () => {
    const owner = await app.person();
    const body = { limit: { amountMicros: 1, currency: 'USD' } };
    for (const plan of ['free', 'custom'] as const) {
      await changePlan(app, owner, plan);
      const payer = createPayer(app, owner, plan);
      expect(await payer.send('PUT', 'billing/spending-limit', body)).toMatchObject({
        status: 409,
        body: {
          code: 'billing.not_charged',
          detail: `the plan ${plan} has no subscription, so no usage beyond it is charged`,
        },
      });
      expect(await payer.setLimit(null)).toMatchObject({ limit: null, reserved: 0, reached: false });
    }
  });

  it('set in a trial bounds what follows it, not the trial', async () => {
    const trial = await world.takePayer();
    await giveTrial(trial, 3_600_000);
    await trial.setLimit(0);
    await grantMinutes(app, trial.owner, 1_000);
    const call = await trial.openCall();
    await trial.connect(call);
    await settle(app);
    expect(await readCall(call.callId)).toMatchObject({ status: 'active' });
    app.clock.advanceSeconds(7_200);
    // The plan, with the credit, includes as much after the trial as in it.
    await recordMinutes(app, trial.owner, 'after the trial', 11_000);
    await settle(app);
    expect(await readCall(call.callId)).toEqual(ENDED);
  });

  it('ends with the plan that is charged, and begins with it', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(0);
    await changePlan(app, payer.owner, 'free');
    await app.drain();
    const budgets = () =>
      ownerSql('select left_ms::float8 as left from minute_budgets where organization_id = $1', [
        payer.owner.organizationId,
      ]);
    expect(await budgets()).toEqual([]);
    await changePlan(app, payer.owner, 'pro');
    await app.drain();
    expect(await budgets()).toEqual([{ left: 0 }]);
  });

  it('counts what is left in the commit as a new count of all usage does', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(10_000);
    const left = async () => {
      const [row] = await ownerSql(`select budget_left_ms($1, $2)::float8 as left`, [
        payer.owner.organizationId,
        new Date(app.clock.now()).toISOString(),
      ]);
      return row!['left'];
    };
    const calls = [await payer.openCall(), await payer.openCall(), await payer.openCall()];
    for (const [index, call] of calls.entries()) {
      await payer.connect(call);
      app.clock.advanceSeconds(61 * (index + 1));
    }
    app.liveKit.cluster.leave(calls[1]!.callId, calls[1]!.identity);
    await deliverAll(app);
    app.clock.advanceSeconds(777);
    const before = await left();
    await settle(app);
    expect(await left()).toBe(before);
  });

  it('is counted from recorded hours and what is not recorded yet, whatever the month has', async () => {
    const payer = await world.takePayer();
    const { organizationId } = payer.owner;
    const call = await payer.openCall();
    await payer.connect(call);
    await addEndedConnections(call.callId, 3_000);
    await ownerSql('analyze call_connections');
    app.clock.advanceSeconds(600);
    const { from, to } = monthOf(app.clock.now());
    const moments = [from, to, new Date(app.clock.now())].map((each) => each.toISOString());
    const count = await countRowsRead(
      'call_connections',
      'select unrecorded_ms($1, $2, $3, $4)::integer as ms',
      [organizationId, ...moments],
    );
    expect(count.result).toEqual([{ ms: 600_000 }]);
    // Those that are open or ended lately, of whichever organization, and not each that there ever was.
    expect(count.rows).toBeLessThan(500);
    expect(await payer.spending()).toMatchObject({ spent: 10 });
  });

  it('counts what waits to be recorded, or cannot be, once: as the ledger has it', async () => {
    const payer = await world.takePayer();
    const call = await payer.openCall();
    await payer.connect(call);
    app.clock.advanceSeconds(600);
    app.liveKit.cluster.leave(call.callId, call.identity);
    await sendEvents(app, app.liveKit.cluster.events.splice(0));
    await reduceEventsOf(app, [call.callId]);
    const { organizationId } = payer.owner;
    expect(await payer.spending()).toMatchObject({ spent: 10 });
    await deliverAll(app);
    expect(await payer.spending()).toMatchObject({ spent: 10 });
    await ownerSql(
      `update deliveries set status = 'dead' where organization_id = $1 and subscriber = 'usage.participant_minutes'`,
      [organizationId],
    );
    expect(await payer.spending()).toMatchObject({ spent: 10 });
    await ownerSql('delete from usage_events where organization_id = $1 and key like $2', [
      organizationId,
      `${call.callId}/%`,
    ]);
    await ownerSql('update usage_hours set stale = true where organization_id = $1', [organizationId]);
    expect(await payer.spending()).toMatchObject({ spent: 10 });
  });

  it('holds in a new month before that is counted', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(15);
    // As if the next month included nothing.
    await ownerSql('update minute_budgets set month_ms = month_ms - 600000000 where organization_id = $1', [
      payer.owner.organizationId,
    ]);
    toNextMonth();
    const call = await payer.openCall();
    expect(await payer.joinAsColleague(call.roomId)).toMatchObject(REFUSED);
  });

  it('holds within a minute of the end of a trial', async () => {
    const trial = await world.takePayer();
    await giveTrial(trial, 600_000);
    await trial.setLimit(0);
    const budgets = () =>
      ownerSql('select left_ms::float8 / 60000 as minutes from minute_budgets where organization_id = $1', [
        trial.owner.organizationId,
      ]);
    await passMinutes(app, 9);
    expect(await budgets()).toEqual([]);
    await passMinutes(app, 1);
    // What the plan includes, without what was used in the trial.
    expect(await budgets()).toEqual([{ minutes: 10_000 }]);
  });

  it('is settled for organizations with calls before those without', async () => {
    const idle = await world.takePayer();
    await idle.setLimit(100);
    app.clock.advanceSeconds(60);
    const busy = await world.takePayer();
    await busy.setLimit(100);
    await busy.connect(await busy.openCall());
    app.clock.advanceSeconds(7_200);
    const now = new Date(app.clock.now());
    const [due] = await app.services.database.read(systemScope, (q) => [selectToCount(q, now, now, 500)]);
    const order = due.map(({ organizationId }) => organizationId);
    expect(order.indexOf(busy.owner.organizationId)).toBeLessThan(order.indexOf(idle.owner.organizationId));
    expect(order).toContain(busy.owner.organizationId);
  });

  it('bounds a connection that lasts over the turn of the month by the limit of its month', async () => {
    const payer = await world.takePayer();
    toNextMonth(-10);
    await payer.setLimit(60);
    const call = await payer.openCall();
    await payer.connect(call);
    await payer.addParticipant(call);
    await passMinutes(app, 26);
    expect(await payer.spending()).toMatchObject({ spent: 0 });
    expect(noticesOf(call.roomId)[0]!.text).toContain('of the month in which participants joined');
    await passMinutes(app, 2);
    expect(await readCall(call.callId)).toMatchObject({ status: 'active' });
    const other = await payer.openCall();
    await payer.connect(other);
    await passMinutes(app, 1);
    expect(await readCall(call.callId)).toEqual(ENDED);
    expect(await readCall(other.callId)).toMatchObject({ status: 'active' });
  });

  it('is whole again in the next month, also for a call that runs', async () => {
    const payer = await world.takePayer();
    await payer.setLimit(100_000);
    const call = await payer.openCall();
    await payer.connect(call);
    await settle(app);
    toNextMonth();
    expect(await payer.spending()).toMatchObject({ spent: 0, reserved: 0 });
    await settle(app);
    expect(await readCall(call.callId)).toMatchObject({ status: 'active' });
  });
});

describe('a trial', () => {
  it('refuses minutes beyond what the plan includes, and says what ends that', async () => {
    toMidMonth(app);
    const trial = await world.takePayer();
    await giveTrial(trial, 30 * 86_400_000);
    const call = await trial.openCall();
    await trial.connect(call);
    await addEndedConnections(call.callId, 167);
    const refused = await trial.joinAsColleague(call.roomId);
    expect(refused).toMatchObject({ status: 402, body: { code: 'billing.limit_reached' } });
    expect(refused.body.detail).toContain(
      'nothing is charged in a trial, so more can be used once it has ended',
    );
    expect(refused.body.limit).toMatchObject({
      name: 'participant_minutes',
      plan: 'pro',
      value: 10_000,
      used: 10_020,
      left: 0,
      remedy: 'end_trial',
      upgradeUrl: null,
      hint: 'Ask an owner of the organization to end the trial.',
    });
    const asOwner = await join(app, await trial.renew(), await createRoom(app, await trial.renew()));
    expect(asOwner.body.limit).toMatchObject({
      upgradeUrl: 'https://app.auralink.test/billing',
      hint: expect.stringContaining('Add a payment method'),
    });
    const beyondIncluded = async () => (await trial.send('GET', 'billing/entitlements')).body.beyondIncluded;
    expect(await beyondIncluded()).toBe('refused');
    await updateAtStripe(trial, { trial_end: 'now' });
    expect(await beyondIncluded()).toBe('charged');
    expect(await trial.joinAsColleague(call.roomId)).toMatchObject({ status: 200 });
  });
});
