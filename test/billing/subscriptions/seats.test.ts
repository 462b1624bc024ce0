import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { ownerSql } from '../../contract/sql.ts';
import {
  advanceDays,
  fillMembers,
  membersOf,
  paidCents,
  PROVIDERS,
  subscribeWithFailingCard,
  suspendedMember,
  type World,
  WORLDS,
} from './seats.support.ts';
import { type Billing, createBilling } from './support.ts';

const refused = { status: 409, body: { code: 'billing.not_changeable' } };

describe.each(PROVIDERS)('seats of a subscription at %s', (provider) => {
  let world: World;
  let billing: Billing;
  beforeAll(async () => {
    world = await WORLDS[provider]();
  });
  beforeEach(async () => {
    billing = await createBilling(world);
  });
  afterAll(() => world.close());

  const change = (body: object) => billing.send('PATCH', 'subscription', body);
  const subscription = async () => (await billing.state()).subscription;
  const tokenOf = async () => {
    const { organizationId } = billing.owner;
    return (await world.app.person({ organizationId, plan: await billing.plan() })).token;
  };

  it('are charged with each period from the checkout on, and are members beyond those of the plan', async () => {
    expect(await membersOf(billing)).toMatchObject({ value: 10, source: 'plan' });
    expect(await billing.startCheckout({ seats: 1_001 })).toMatchObject({ status: 400 });
    const started = await billing.startCheckout({ plan: 'enterprise', seats: 3 });
    const pageOf = async (url: string) => (await (await fetch(url)).text()).replaceAll(/\s+/g, ' ');
    const page = await pageOf(started.body.url);
    expect(page).toMatch(/AuraLink Enterprise seat.*× 3.*12\.00/);
    expect(page).toContain('511.00');
    await world.completeCheckout(started.body.url);
    expect(await subscription()).toMatchObject({
      seats: 3,
      nextSeats: null,
    });
    expect(await membersOf(billing)).toMatchObject({ value: 5_003, source: 'plan' });
    const portal = await billing.send('POST', 'portal', {});
    expect(await pageOf(portal.body.url)).toMatch(
      /AuraLink Enterprise seat.*× 3|3 × AuraLink Enterprise seat/,
    );
    await advanceDays(world, 32);
    expect(await paidCents(world, billing)).toEqual([49_900 + 3 * 400, 49_900 + 3 * 400]);
    const { body } = await billing.send('GET', 'invoices?limit=1');
    const invoice = await billing.send('GET', `invoices/${body.data[0].id}`);
    const lines = invoice.body.lines.map((line: { quantity: number; amount: { amountMicros: number } }) => [
      line.quantity,
      line.amount.amountMicros,
    ]);
    expect(lines).toContainEqual([3, 12_000_000]);
  });

  it('of a year are charged for a year', async () => {
    await billing.subscribe({ plan: 'enterprise', interval: 'yearly', seats: 2 });
    expect(await paidCents(world, billing)).toEqual([499_000 + 2 * 4_000]);
  });

  it('cost nothing in a trial, and the first period has them', async () => {
    await billing.subscribe({ seats: 2 });
    expect(await change({ seats: 4 })).toMatchObject({ status: 200, body: { status: 'trialing', seats: 4 } });
    expect(await change({ seats: 1 })).toMatchObject({
      status: 200,
      body: { status: 'trialing', seats: 1, nextSeats: null },
    });
    expect(await paidCents(world, billing)).toEqual([]);
    await advanceDays(world, 15);
    expect(await paidCents(world, billing)).toEqual([4_900 + 500]);
    expect(await membersOf(billing)).toMatchObject({ value: 101 });
  });

  it('more of them come at once, and what was previewed is charged', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    await advanceDays(world, 10);
    const preview = await billing.send('POST', 'subscription/preview', { seats: 10 });
    expect(preview).toMatchObject({
      status: 200,
      body: { timing: 'now', plan: 'enterprise', interval: 'monthly', seats: 10 },
    });
    expect(
      preview.body.lines.some(({ description }: { description: string }) => /10 × .*seat/.test(description)),
    ).toBe(true);
    expect(await membersOf(billing)).toMatchObject({ value: 5_000 });
    expect(await change({ seats: 10 })).toMatchObject({ status: 200, body: { seats: 10, nextSeats: null } });
    expect(await membersOf(billing)).toMatchObject({ value: 5_010 });
    const [charged = 0] = await paidCents(world, billing);
    expect(charged).toBeGreaterThan(2_000);
    expect(charged).toBeLessThan(4_000);
    expect(Math.abs(charged - preview.body.dueNow.amountMicros / 10_000)).toBeLessThanOrEqual(1);
    expect(await change({ seats: 10 })).toMatchObject({ status: 200 });
    expect(await paidCents(world, billing)).toHaveLength(2);
  });

  it('can be bought on the last day of a period, when they cost next to nothing until its end', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { periodEndsAt } = await subscription();
    await advanceDays(world, (Date.parse(periodEndsAt) - world.app.clock.now()) / 86_400_000 - 1);
    const preview = await billing.send('POST', 'subscription/preview', { seats: 1 });
    expect(preview).toMatchObject({ status: 200, body: { timing: 'now', seats: 1 } });
    expect(preview.body.dueNow.amountMicros).toBeLessThan(700_000);
    expect(await change({ seats: 1 })).toMatchObject({ status: 200, body: { seats: 1, nextSeats: null } });
    expect(await membersOf(billing)).toMatchObject({ value: 5_001 });
    await advanceDays(world, 2);
    const cents = (await paidCents(world, billing)).reduce((sum, each) => sum + each, 0);
    expect(cents).toBeGreaterThan(2 * 49_900 + 400 + 5);
    expect(cents).toBeLessThan(2 * 49_900 + 400 + 20);
  });

  it('fewer of them come when the paid period ends, without a charge or a credit', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 10 });
    const preview = await billing.send('POST', 'subscription/preview', { seats: 4 });
    expect(preview.body).toMatchObject({ timing: 'period_end', seats: 4, dueNow: { amountMicros: 0 } });
    expect(await change({ seats: 4 })).toMatchObject({
      status: 200,
      body: { seats: 10, nextSeats: 4, nextPlan: 'enterprise' },
    });
    expect(await membersOf(billing)).toMatchObject({ value: 5_010 });
    expect(await change({ seats: 12 })).toMatchObject(refused);
    await advanceDays(world, 32);
    expect(await subscription()).toMatchObject({ seats: 4, nextSeats: null, changesAt: null });
    expect(await membersOf(billing)).toMatchObject({ value: 5_004 });
    expect(await paidCents(world, billing)).toEqual([49_900 + 1_600, 49_900 + 4_000]);
    await advanceDays(world, 32);
    expect(await change({ seats: 0 })).toMatchObject({ status: 200, body: { seats: 4, nextSeats: 0 } });
    await advanceDays(world, 32);
    expect(await subscription()).toMatchObject({ seats: 0, nextSeats: null });
    expect((await paidCents(world, billing))[0]).toBe(49_900);
  });

  it('that are to fall are kept by naming what is now, and not by naming what stays', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 10 });
    await change({ seats: 4 });
    expect(await change({ plan: 'enterprise' })).toMatchObject({ status: 200, body: { nextSeats: 4 } });
    expect(await change({ interval: 'monthly' })).toMatchObject({ status: 200, body: { nextSeats: 4 } });
    expect(await change({ seats: 10 })).toMatchObject({ status: 200, body: { seats: 10, nextSeats: null } });
    await change({ plan: 'pro' });
    expect(await change({ seats: 10 })).toMatchObject({
      status: 200,
      body: { nextPlan: 'pro', nextSeats: 10 },
    });
    expect(await change({ seats: 11 })).toMatchObject({
      ...refused,
      body: {
        detail:
          'another change is pending: to take it back, first change to the plan enterprise, monthly, with 10 seats',
      },
    });
    expect(await change({ plan: 'enterprise', seats: 10 })).toMatchObject({
      status: 200,
      body: { plan: 'enterprise', seats: 10, nextPlan: null, nextSeats: null },
    });
    await advanceDays(world, 32);
    expect(await paidCents(world, billing)).toEqual([49_900 + 4_000, 49_900 + 4_000]);
  });

  it('stay with another interval at its price, and never fall with a change that comes at once', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 3 });
    expect(await change({ interval: 'yearly', seats: 2 })).toMatchObject({
      ...refused,
      body: {
        detail:
          'this change takes effect at once, but fewer seats only when the period ends: keep 3 seats, and lower them in a separate change',
      },
    });
    expect(
      await billing.send('POST', 'subscription/preview', { interval: 'yearly', seats: 0 }),
    ).toMatchObject(refused);
    expect(await change({ interval: 'yearly' })).toMatchObject({
      status: 200,
      body: { interval: 'yearly', seats: 3 },
    });
    const upcoming = await billing.send('GET', 'invoices/upcoming');
    expect(upcoming.body.total.amountMicros).toBe(4_990_000_000 + 3 * 40_000_000);
  });

  it('that the members of a larger plan make superfluous are left out of the change to it', async () => {
    await billing.subscribe({ seats: 95 });
    await advanceDays(world, 15);
    expect(await change({ plan: 'enterprise' })).toMatchObject({
      status: 200,
      body: { plan: 'enterprise', seats: 0 },
    });
    expect(await membersOf(billing)).toMatchObject({ value: 5_000 });
    expect(await change({ plan: 'pro' })).toMatchObject({
      status: 200,
      body: { nextPlan: 'pro', nextSeats: 0 },
    });
  });

  it('are no members while the plan is not given: not in a pause, and again after it', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 3 });
    await billing.send('POST', 'subscription/pause', {});
    expect(await membersOf(billing)).toMatchObject({ value: 10 });
    expect(await change({ seats: 5 })).toMatchObject(refused);
    await billing.send('POST', 'subscription/unpause');
    expect(await membersOf(billing)).toMatchObject({ value: 5_003 });
    await billing.send('POST', 'subscription/cancel', { at: 'now' });
    expect(await membersOf(billing)).toMatchObject({ value: 10 });
  });

  it('are not raised while a cancellation waits, and end with it', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 3 });
    await billing.send('POST', 'subscription/cancel', {});
    expect(await change({ seats: 5 })).toMatchObject({
      ...refused,
      body: { detail: 'the subscription is cancelled: resume it first' },
    });
    expect(await paidCents(world, billing)).toHaveLength(1);
    await billing.send('POST', 'subscription/resume');
    expect(await change({ seats: 5 })).toMatchObject({ status: 200, body: { seats: 5 } });
    await billing.send('POST', 'subscription/cancel', {});
    await advanceDays(world, 32);
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    expect(await membersOf(billing)).toMatchObject({ value: 10 });
  });

  it('are lost with the grace of a payment that failed', async () => {
    await subscribeWithFailingCard(world, billing, { plan: 'enterprise', seats: 3 });
    // A period is as long as its month.
    const { periodEndsAt } = await subscription();
    await advanceDays(world, (Date.parse(periodEndsAt) - world.app.clock.now()) / 86_400_000 + 0.3);
    expect(await billing.state()).toMatchObject({ subscription: { status: 'past_due', seats: 3 } });
    expect(await membersOf(billing)).toMatchObject({ value: 5_003 });
    expect(await change({ seats: 5 })).toMatchObject(refused);
    await advanceDays(world, 14.1);
    await advanceSubscriptions(world.app.services);
    expect(await billing.state()).toMatchObject({ subscription: { status: 'restricted', seats: 3 } });
    expect(await membersOf(billing)).toMatchObject({ value: 10 });
  });

  it('that are set for the organization by an operator count whatever seats it has', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 3 });
    const { organizationId } = billing.owner;
    const body = { kind: 'limit', name: 'members', value: 7, reason: 'Pilot' };
    const path = `/api/v1/operator/organizations/${organizationId}/entitlement-grants`;
    const granted = await world.app.send('POST', path, { token: world.app.operator, body });
    expect(granted).toMatchObject({ status: 201 });
    expect(await membersOf(billing)).toMatchObject({ value: 7, source: 'override' });
    const activate = await suspendedMember(world, billing);
    const grant = { kind: 'limit', name: 'members', value: 5_003, reason: 'As many as with the seats' };
    world.app.clock.advanceSeconds(1);
    await world.app.send('POST', path, { token: world.app.operator, body: grant });
    await fillMembers(world, billing, 5_003);
    expect((await activate(await tokenOf())).body.limit).toMatchObject({
      value: 5_003,
      remedy: 'contact_support',
      moreSeats: null,
    });
    const useless = { status: 409, body: { code: 'billing.seats_not_counted' } };
    expect(await change({ seats: 4 })).toMatchObject(useless);
    expect(await billing.send('POST', 'subscription/preview', { seats: 4 })).toMatchObject(useless);
    expect(await change({ seats: 2 })).toMatchObject({ status: 200, body: { nextSeats: 2 } });
  });

  it('count on top of a plan that an operator sets, which a change of seats leaves as it is', async () => {
    await billing.subscribe({ seats: 3 });
    const path = `/api/v1/operator/organizations/${billing.owner.organizationId}/plan`;
    const body = { plan: 'enterprise', reason: 'Pilot' };
    expect(await world.app.send('PUT', path, { token: world.app.operator, body })).toMatchObject({
      status: 200,
    });
    expect(await membersOf(billing)).toMatchObject({ value: 5_003 });
    expect(await change({ seats: 5 })).toMatchObject({ status: 200, body: { plan: 'pro', seats: 5 } });
    expect(await billing.plan()).toBe('enterprise');
    expect(await membersOf(billing)).toMatchObject({ value: 5_005 });
  });

  it('say how many more would help when no member can be added, and members stay when seats fall', async () => {
    await billing.subscribe({ seats: 1 });
    const activate = await suspendedMember(world, billing);
    const others = await suspendedMember(world, billing);
    const owner = await tokenOf();
    await fillMembers(world, billing, 100);
    expect(await activate(owner)).toMatchObject({ status: 200 });
    const answer = await others(owner);
    expect(answer).toMatchObject({
      status: 402,
      body: {
        code: 'billing.limit_reached',
        limit: {
          name: 'members',
          value: 101,
          used: 101,
          left: 0,
          remedy: 'more_seats',
          moreSeats: 1,
          seatsNeeded: 2,
          upgradeUrl: 'https://app.auralink.test/billing',
        },
      },
    });
    expect(answer.body.limit.hint).toContain(
      'Buy 1 more seat: set seats to 2 in all with PATCH /api/v1/billing/subscription',
    );
    const send = (body: object) =>
      world.app.send('PATCH', '/api/v1/billing/subscription', { token: owner, body });
    expect(await send({ seats: 2 })).toMatchObject({ status: 200 });
    expect(await others(owner)).toMatchObject({ status: 200 });
    expect(await send({ seats: 0 })).toMatchObject({ status: 200, body: { seats: 0 } });
    const third = await suspendedMember(world, billing);
    expect((await third(owner)).body.limit).toMatchObject({
      value: 100,
      used: 102,
      remedy: 'more_seats',
      moreSeats: 3,
    });
    const cancel = { token: owner, body: {} };
    await world.app.send('POST', '/api/v1/billing/subscription/cancel', cancel);
    expect((await third(owner)).body.limit).toMatchObject({ remedy: 'larger_plan', moreSeats: null });
    const [row] = await ownerSql(
      `select count(*)::int as there from members where organization_id = $1 and status = 'active'`,
      [billing.owner.organizationId],
    );
    expect(row!.there).toBe(102);
  });

  it('are written to the audit log as they come and go', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 3 });
    await change({ seats: 5 });
    await billing.send('POST', 'subscription/cancel', { at: 'now' });
    const rows = await ownerSql(
      `select (before ->> 'seats')::int as former, (after ->> 'seats')::int as seats from audit_logs
       where organization_id = $1 and action = 'organization.seats_changed' order by before ->> 'seats'`,
      [billing.owner.organizationId],
    );
    expect(rows.map(({ former, seats }) => [former, seats])).toEqual([
      [0, 3],
      [3, 5],
      [5, 0],
    ]);
  });

  it('are charged when the trial is ended', async () => {
    await billing.subscribe({ seats: 2 });
    expect(await billing.send('POST', 'subscription/end-trial')).toMatchObject({
      status: 200,
      body: { status: 'active', seats: 2 },
    });
    expect(await paidCents(world, billing)).toEqual([4_900 + 1_000]);
    expect(await billing.send('POST', 'subscription/end-trial')).toMatchObject({ status: 200 });
    expect(await paidCents(world, billing)).toHaveLength(1);
    const [row] = await ownerSql('select trial_ends_at as "end" from organizations where id = $1', [
      billing.owner.organizationId,
    ]);
    expect(row!.end).toBeNull();
  });
});
