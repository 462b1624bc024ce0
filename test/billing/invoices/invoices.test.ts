import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcileInvoices } from '../../../src/billing/invoices/reconcile-invoices.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createStripeWorld, type StripeWorld } from '../../support/payments/stripe.ts';
import {
  advanceToOpen,
  customerOf,
  listInvoices,
  ownerWithPlan,
  read,
  subscribe,
  subscriptionOf,
} from './support.ts';

let world: StripeWorld;
beforeAll(async () => {
  world = await createStripeWorld();
});
afterAll(() => world.close());

const cents = (amount: number) => ({ amountMicros: amount * 10_000, currency: 'USD' });

/** The types of the events about an invoice, in their order. */
const eventsOf = async (invoiceId: string) =>
  (
    await ownerSql(`select type from outbox where payload ->> 'invoiceId' = $1 order by seq`, [invoiceId])
  ).map(({ type }) => type);

async function readInvoice(owner: Person, invoiceId: string) {
  const { token } = await ownerWithPlan(world, owner);
  return read(world, token, `billing/invoices/${invoiceId}`);
}

describe('invoices', () => {
  it('are shown as the provider has them, the newest first, by status and time, page by page', async () => {
    const owner = await subscribe(world, { trial: false });
    await world.advanceDays(35);
    const [renewal, ...earlier] = await listInvoices(world, owner);
    expect(renewal).toMatchObject({
      status: 'paid',
      total: cents(49_00),
      paid: cents(49_00),
      remaining: cents(0),
    });
    const totals = earlier.map(({ total }: { total: { amountMicros: number } }) => total.amountMicros);
    expect(totals.toSorted()).toEqual([0, 49_000_000]); // the trial, and the first period
    const { token } = await ownerWithPlan(world, owner);
    const page = await read(world, token, 'billing/invoices?limit=1');
    expect(page.data).toEqual([renewal]);
    const next = await read(world, token, `billing/invoices?limit=2&cursor=${page.nextCursor}`);
    expect(next).toEqual({ data: earlier, nextCursor: null });
    expect((await read(world, token, 'billing/invoices?status=open')).data).toEqual([]);
    const moment = encodeURIComponent(renewal.createdAt);
    expect((await read(world, token, `billing/invoices?from=${moment}`)).data).toEqual([renewal]);
    expect((await read(world, token, `billing/invoices?to=${moment}`)).data).toEqual(earlier);
  });

  it('have lines, tax and discount that add up, and fresh addresses of their pages', async () => {
    const coupon = await world.stripe.coupons.create({ percent_off: 17, duration: 'forever' });
    const owner = await subscribe(world, { fields: { country: 'DE' } });
    const id = await subscriptionOf(owner);
    await world.stripe.subscriptions.update(id, { discounts: [{ coupon: coupon.id }], trial_end: 'now' });
    await world.settle();
    const list = await listInvoices(world, owner);
    const { id: invoiceId } = list.find(({ tax }: { tax: { amountMicros: number } }) => tax.amountMicros > 0);
    const invoice = await readInvoice(owner, invoiceId);
    expect(invoice).toMatchObject({
      subtotal: cents(49_00),
      discount: cents(8_33),
      tax: cents(7_73),
      total: cents(48_40),
    });
    expect(invoice.lines).toMatchObject([
      { amount: cents(49_00), discount: cents(8_33), tax: cents(7_73), meter: null },
    ]);
    expect(invoice.pageUrl).toContain(world.url.replace('127.0.0.1', 'localhost'));
    expect((await fetch(invoice.pdfUrl)).ok).toBe(true);
  });

  it('are shown without addresses of pages while the provider cannot be reached', async () => {
    const owner = await subscribe(world);
    const [{ id }] = await listInvoices(world, owner);
    const path = '/v1/invoices';
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503, path })) });
    expect(await readInvoice(owner, id)).toMatchObject({ id, pageUrl: null, pdfUrl: null, lines: [{}] });
  });

  it('of another organization are not found', async () => {
    const owner = await subscribe(world);
    const [{ id }] = await listInvoices(world, owner);
    const otherOwner = await world.app.person();
    const answer = await world.app.send('GET', `/api/v1/billing/invoices/${id}`, { token: otherOwner.token });
    expect(answer).toMatchObject({ status: 404, body: { code: 'invoices.not_found' } });
    expect(await listInvoices(world, otherOwner)).toEqual([]);
  });

  it('are read by those who manage billing', async () => {
    const owner = await world.app.person();
    const member = await world.app.person({ organizationId: owner.organizationId, role: 'member' });
    for (const path of ['invoices', 'invoices/upcoming', 'payment-methods'])
      expect(await world.app.send('GET', `/api/v1/billing/${path}`, { token: member.token })).toMatchObject({
        status: 403,
      });
  });

  it('to come are shown as they would be now', async () => {
    const owner = await subscribe(world, { trial: false });
    const { token } = await ownerWithPlan(world, owner);
    expect(await read(world, token, 'billing/invoices/upcoming')).toMatchObject({
      total: cents(49_00),
      due: cents(49_00),
    });
    await world.stripe.subscriptions.update(await subscriptionOf(owner), { cancel_at_period_end: true });
    await world.settle();
    const free = await world.app.person();
    for (const each of [token, free.token])
      expect(await world.app.send('GET', '/api/v1/billing/invoices/upcoming', { token: each })).toMatchObject(
        {
          status: 404,
          body: { code: 'invoices.no_upcoming' },
        },
      );
  });

  it('do not exist without a configured provider, and every endpoint says so', async () => {
    const app = createTestApp();
    const { token, organizationId } = await app.person();
    const id = 'ivc_01jd3v7q8gf4kr2x6a0w9mznpe';
    const body = { paymentMethodId: 'pm_1' };
    const calls = [
      app.send('GET', '/api/v1/billing/invoices', { token }),
      app.send('GET', '/api/v1/billing/invoices/upcoming', { token }),
      app.send('GET', `/api/v1/billing/invoices/${id}`, { token }),
      app.send('GET', '/api/v1/billing/payment-methods', { token }),
      app.send('PUT', '/api/v1/billing/payment-methods/default', { token, body }),
      app.send('DELETE', '/api/v1/billing/payment-methods/pm_1', { token }),
      app.send('POST', `/api/v1/operator/organizations/${organizationId}/invoices/${id}/credit-notes`, {
        token: app.operator,
        body: { as: 'refund', reason: 'test' },
      }),
    ];
    for (const answer of await Promise.all(calls))
      expect(answer).toMatchObject({ status: 503, body: { code: 'billing.not_configured' } });
  });
});

describe('events about an invoice', () => {
  it('show each step once, also when webhooks are repeated, mixed up and lost', async () => {
    const owner = await subscribe(world, { trial: false });
    await world.control('deliveries', { duplicates: 2, drop: 0.3, shuffle: true, seed: 7 });
    await world.advanceDays(35);
    await world.control('deliveries', {});
    await reconcileInvoices(world.app.services);
    await world.app.drain();
    const [{ id }] = await listInvoices(world, owner);
    expect(new Set(await eventsOf(id))).toEqual(new Set(['invoice.issued', 'invoice.paid']));
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('show failed payments, with the next attempt, until it is paid', async () => {
    const owner = await subscribe(world, { trial: false });
    const customer = await customerOf(owner);
    const card = await world.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    await world.stripe.customers.update(customer, { invoice_settings: { default_payment_method: card.id } });
    const subscription = await subscriptionOf(owner);
    await world.stripe.subscriptions.update(subscription, { default_payment_method: card.id });
    const open = await advanceToOpen(world, owner);
    expect(open).toMatchObject({ remaining: cents(49_00), nextAttemptAt: expect.any(String) });
    expect(await eventsOf(open.id)).toEqual(['invoice.issued', 'invoice.payment_failed']);
    const good = await world.stripe.paymentMethods.attach('pm_card_visa', { customer });
    await world.stripe.subscriptions.update(subscription, { default_payment_method: good.id });
    await world.advanceDays(4);
    expect((await listInvoices(world, owner))[0]).toMatchObject({
      id: open.id,
      status: 'paid',
      nextAttemptAt: null,
    });
    expect(await eventsOf(open.id)).toEqual(['invoice.issued', 'invoice.payment_failed', 'invoice.paid']);
  });
});

describe('the daily reconciliation', () => {
  it('repairs what no webhook reported, and says which invoices it was', async () => {
    await world.control('deliveries', { drop: 1, seed: 1 });
    const owner = await subscribe(world);
    await world.advanceDays(1);
    await world.control('deliveries', {});
    const known = await listInvoices(world, owner);
    await reconcileInvoices(world.app.services);
    const [invoice] = await listInvoices(world, owner);
    expect(invoice).toMatchObject({ status: 'paid' });
    expect(known).toEqual([]);
    expect(world.app.log).toContainEqual(
      expect.objectContaining({
        event: 'invoices.repaired',
        fields: expect.objectContaining({ organizationId: owner.organizationId, invoices: [invoice.id] }),
      }),
    );
  });

  it('takes 50 customers in a run, continues with the others, and takes each once in a day', async () => {
    // Customers of a provider that is not configured: each fails, and holds up no other.
    for (let count = 0; count < 60; count++) {
      const { organizationId } = await world.app.person();
      await ownerSql(
        `insert into billing_customers (organization_id, provider, customer_id, created_at, updated_at, version)
         values ($1, 'paddle', $1, now(), now(), 1)`,
        [organizationId],
      );
    }
    const runs: number[] = [];
    for (let run = 0; run < 3; run++) runs.push((await reconcileInvoices(world.app.services)).failed);
    // Among them are customers of other tests, which do not fail.
    expect(runs[0]).toBeGreaterThan(0);
    expect(Math.max(...runs)).toBeLessThanOrEqual(50);
    expect([runs[0]! + runs[1]!, runs[2]]).toEqual([60, 0]);
    world.app.clock.advanceSeconds(86_401);
    for (let run = 0; run < 3; run++) runs.push((await reconcileInvoices(world.app.services)).failed);
    expect(runs.slice(3).reduce((sum, failed) => sum + failed, 0)).toBe(60);
  });
});
