import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileCustomers } from '../../../src/billing/reconciliation/reconcile-customers.ts';
import { createPayments } from '../../../src/billing/providers/index.ts';
import { advanceSubscriptions } from '../../../src/billing/subscriptions/advance-subscriptions.ts';
import { eraseDeletedOrganizations } from '../../../src/identity/deleted-organizations/erase-organizations.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { signPaddleEvent } from '../../support/payments/paddle.ts';
import { signStripeEvent } from '../../support/payments/stripe.ts';
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

const DAY_SECONDS = 86_400;
const refused = { status: 409, body: { code: 'billing.not_changeable' } };

describe.each(PROVIDERS)('a subscription at %s', (provider) => {
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
  const command = (name: string, body?: object) => billing.send('POST', `subscription/${name}`, body);
  const subscription = async () => (await billing.state()).subscription;

  it('that is cancelled is changed once it is resumed, and a change that waits outlives a cancellation', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 4 });
    await command('cancel', {});
    expect(await change({ plan: 'pro', seats: 1 })).toMatchObject(refused);
    await command('resume');
    expect(await change({ plan: 'pro', seats: 1 })).toMatchObject({
      status: 200,
      body: { nextPlan: 'pro', nextSeats: 1 },
    });
    expect(await command('cancel', {})).toMatchObject({ status: 200, body: { nextPlan: 'pro' } });
    expect(await command('resume')).toMatchObject({
      status: 200,
      body: { plan: 'enterprise', seats: 4, nextPlan: 'pro', nextSeats: 1, cancelsAt: null },
    });
    await advanceDays(world, 32);
    expect(await subscription()).toMatchObject({ plan: 'pro', seats: 1, nextPlan: null });
    expect(await paidCents(world, billing)).toEqual([4_900 + 500, 49_900 + 1_600]);
  });

  it('that is cancelled while a change waits ends with the period, and the change never comes', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    await change({ plan: 'pro' });
    await command('cancel', {});
    expect(await change({ plan: 'enterprise' })).toMatchObject(refused);
    await advanceDays(world, 32);
    expect(await billing.state()).toMatchObject({ plan: 'free', subscription: { status: 'cancelled' } });
    expect(await paidCents(world, billing)).toEqual([49_900]);
  });

  it('keeps its trial, or is past due, when the payment at its early end fails; a cancelled trial is not charged', async () => {
    await subscribeWithFailingCard(world, billing, { seats: 2 });
    expect(await subscription()).toMatchObject({ status: 'trialing' });
    expect(await command('end-trial')).toMatchObject({
      status: 402,
      body: { code: 'billing.payment_failed' },
    });
    await world.settle();
    expect(await subscription()).toMatchObject({ status: provider === 'stripe' ? 'trialing' : 'past_due' });
    expect(await paidCents(world, billing)).toEqual([]);
    const other = await createBilling(world);
    await other.subscribe();
    await other.send('POST', 'subscription/cancel', {});
    expect(await other.send('POST', 'subscription/end-trial')).toMatchObject(refused);
    expect(await paidCents(world, other)).toEqual([]);
  });

  it('lets exactly as many members join as it has seats for, while the seats fall', async () => {
    await billing.subscribe({ seats: 5 });
    const { organizationId } = billing.owner;
    const { token } = await world.app.person({ organizationId, plan: 'pro' });
    const joins = [];
    for (let count = 0; count < 12; count++) joins.push(await suspendedMember(world, billing));
    await fillMembers(world, billing, 100);
    const fall = world.app.send('PATCH', '/api/v1/billing/subscription', { token, body: { seats: 0 } });
    const answers = await Promise.all(joins.map((join) => join(token)));
    expect(await fall).toMatchObject({ status: 200 });
    const joined = answers.filter(({ status }) => status === 200).length;
    expect(joined).toBeLessThanOrEqual(5);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(12 - joined);
    expect(await joins[11]!(token)).toMatchObject({ status: answers[11]!.status === 200 ? 200 : 402 });
    expect(await membersOf(billing)).toMatchObject({ value: 100 });
  });

  it('is followed when somebody who was removed uses a portal that was open, and taken back by those who stay', async () => {
    await billing.subscribe({ plan: 'enterprise' });
    const { organizationId } = billing.owner;
    const leaver = await world.app.person({ organizationId, plan: 'enterprise' });
    const portal = await world.app.send('POST', '/api/v1/billing/portal', { token: leaver.token, body: {} });
    expect(portal).toMatchObject({ status: 200 });
    const [member] = await ownerSql('select id from members where user_id = $1', [leaver.userId]);
    const { token } = await world.app.person({ organizationId, plan: 'enterprise' });
    const path = `/api/v1/organizations/${organizationId}/members/${member!.id as string}`;
    expect(await world.app.send('DELETE', path, { token })).toMatchObject({ status: 204 });
    const again = await world.app.send('POST', '/api/v1/billing/portal', { token: leaver.token, body: {} });
    expect([401, 403]).toContain(again.status);
    const { subscription: id } = await billing.stripeIds();
    const form = new URLSearchParams({ action: 'cancel', subscription: id });
    await fetch(portal.body.url, { method: 'POST', redirect: 'manual', body: form });
    await world.settle();
    expect((await subscription()).cancelsAt).not.toBeNull();
    expect(await command('resume')).toMatchObject({ status: 200, body: { cancelsAt: null } });
    const [audited] = await ownerSql(
      `select actor_id from audit_logs where organization_id = $1 and action like '%portal%' order by id desc limit 1`,
      [organizationId],
    );
    expect(audited!.actor_id).toBe(leaver.userId);
  });

  it('of an erased organization is reported in vain: the report is taken, and nothing is written', async () => {
    await billing.subscribe({ plan: 'enterprise', seats: 1 });
    const { customer, subscription: id } = await billing.stripeIds();
    const { organizationId } = billing.owner;
    const { token } = await world.app.person({ organizationId, plan: 'enterprise' });
    const [invoice] = await world.app.services.ports.payments.of(provider).listInvoices(customer, 0);
    await world.app.send('DELETE', `/api/v1/organizations/${organizationId}`, { token });
    await world.settle();
    await advanceDays(world, 31);
    await eraseDeletedOrganizations(world.app.services);
    expect(await ownerSql('select 1 from organizations where id = $1', [organizationId])).toEqual([]);
    const raws =
      provider === 'stripe'
        ? [
            { id, object: 'subscription', customer },
            {
              id: invoice,
              object: 'invoice',
              customer,
              parent: { subscription_details: { subscription: id } },
            },
            { id: customer, object: 'customer' },
          ].map((object) => ({
            id: `evt_${crypto.randomUUID()}`,
            object: 'event',
            type: 'x',
            created: 1,
            data: { object },
          }))
        : [
            ['subscription.updated', { id, customer_id: customer }],
            ['transaction.updated', { id: invoice, customer_id: customer, subscription_id: id }],
            ['customer.updated', { id: customer }],
          ].map(([event_type, data]) => ({
            event_id: `evt_${crypto.randomUUID()}`,
            event_type,
            occurred_at: new Date().toISOString(),
            data,
          }));
    for (const event of raws) {
      const raw = JSON.stringify(event);
      const headers = provider === 'stripe' ? signStripeEvent(raw) : signPaddleEvent(raw);
      const answer = await world.app.send('POST', `/webhooks/${provider}`, { raw, headers });
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
    }
    await world.app.drain();
    expect(await ownerSql(`select 1 from deliveries where status = 'dead'`)).toEqual([]);
    for (const table of ['subscriptions', 'invoices', 'billing_customers'])
      expect(await ownerSql(`select 1 from ${table} where organization_id = $1`, [organizationId])).toEqual(
        [],
      );
  });

  it.each([
    ['and no other one is', []],
    ['and another one is', PROVIDERS.filter((name) => name !== provider)],
  ])(
    'holds while its provider is not configured, %s: everything that needs the provider says so',
    async (_case, others) => {
      await billing.subscribe({ plan: 'enterprise', seats: 2 });
      const { organizationId } = billing.owner;
      const without = createTestApp({
        payments: createPayments(Object.fromEntries(others.map((name) => [name, () => ({ name }) as never]))),
      });
      const { token } = await without.person({ organizationId, plan: 'enterprise' });
      const send = (method: string, path: string, body?: object) =>
        without.send(method, `/api/v1/billing/${path}`, { token, ...(body ? { body } : {}) });
      expect(await send('GET', 'subscription')).toMatchObject({
        status: 200,
        body: { paymentsAvailable: false, plan: 'enterprise', subscription: { status: 'active', seats: 2 } },
      });
      const missing = { status: 503, body: { code: 'billing.not_configured' } };
      for (const [method, path, body] of [
        ['PATCH', 'subscription', { seats: 5 }],
        ['POST', 'subscription/preview', { seats: 5 }],
        ['POST', 'subscription/cancel', {}],
        ['POST', 'subscription/end-trial', undefined],
        ['POST', 'portal', {}],
        ['GET', 'payment-methods', undefined],
        ['GET', 'invoices/upcoming', undefined],
      ] as const)
        expect(await send(method, path, body), path).toMatchObject(missing);
      await ownerSql(
        `update subscriptions set due_at = now() - interval '9 years' where organization_id = $1`,
        [organizationId],
      );
      without.clock.advanceSeconds(40 * DAY_SECONDS);
      expect((await advanceSubscriptions(without.services)).failed).toBeGreaterThan(0);
      await reconcileCustomers(without.services);
      expect(await billing.plan()).toBe('enterprise');
      expect((await membersOf(billing)).value).toBe(5_002);
      expect(await change({ seats: 3 })).toMatchObject({ status: 200 });
    },
  );

  it.each([-300, 300])(
    'follows the provider whose clock is %i seconds away, at the end of a trial and of a period',
    async (seconds) => {
      await billing.subscribe({ seats: 1 });
      const startsAt = world.app.clock.now();
      // The product's clock is so far from the provider's from now on.
      world.app.clock.advanceSeconds(-seconds);
      try {
        await advanceDays(world, 14.01);
        expect(await billing.state()).toMatchObject({
          plan: 'pro',
          subscription: { status: 'active', seats: 1 },
        });
        const { status, body } = await change({ seats: 0 });
        expect(status, JSON.stringify(body)).toBe(200);
        const { changesAt } = body;
        expect(await subscription()).toEqual(body);
        await advanceDays(world, (Date.parse(changesAt) - startsAt) / 86_400_000 - 14.01 + 0.02);
        await advanceSubscriptions(world.app.services);
        expect(await subscription()).toMatchObject({ seats: 0, nextSeats: null, changesAt: null });
        expect(await membersOf(billing)).toMatchObject({ value: 100 });
        await advanceDays(world, 0.1);
        expect(await paidCents(world, billing)).toEqual([4_900, 4_900 + 500]);
      } finally {
        world.app.clock.advanceSeconds(seconds);
      }
    },
  );
});
