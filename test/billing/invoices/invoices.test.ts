import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reconcileInvoices } from '../../../src/billing/invoices/reconcile-invoices.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createStripeWorld } from '../../support/payments/stripe.ts';
import { type Dashboard, openDashboard } from '../subscriptions/dashboard.support.ts';
import {
  advanceDays,
  PROVIDERS,
  subscribeWithFailingCard,
  type World,
} from '../subscriptions/seats.support.ts';
import { type Billing, createBilling } from '../subscriptions/support.ts';
import { advanceToOpen, listInvoices, ownerWithPlan, read } from './support.ts';

let world: World;

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

describe.each(PROVIDERS)('invoices of %s', (provider) => {
  let dashboard: Dashboard;
  beforeAll(async () => {
    dashboard = await openDashboard(provider);
    ({ world } = dashboard);
  });
  afterAll(() => world.close());

  /** An organization that pays for enterprise. */
  async function subscribe(body: object = {}, fields: Record<string, string> = {}): Promise<Billing> {
    const billing = await createBilling(world);
    await billing.subscribe({ plan: 'enterprise', ...body }, fields);
    await world.settle();
    return billing;
  }
  /** Nothing that the provider reports meanwhile arrives. */
  async function unreported(work: () => Promise<unknown>) {
    await world.control('deliveries', { drop: 1 });
    await work();
    await world.control('deliveries', {});
  }

  it('are shown as the provider has them, the newest first, by status and time, page by page', async () => {
    const { owner } = await subscribe();
    await advanceDays(world, 35);
    const [renewal, ...earlier] = await listInvoices(world, owner);
    expect(renewal).toMatchObject({
      status: 'paid',
      total: cents(499_00),
      paid: cents(499_00),
      remaining: cents(0),
    });
    expect(earlier).toMatchObject([{ status: 'paid', total: cents(499_00) }]);
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
    await dashboard.createCode('HALF');
    const { owner } = await subscribe({ promotionCode: 'HALF' }, { country: 'DE' });
    const [{ id }] = await listInvoices(world, owner);
    const invoice = await readInvoice(owner, id);
    const { subtotal, discount, tax, total } = invoice;
    expect([subtotal, discount]).toEqual([cents(499_00), cents(249_50)]);
    // 19 per cent of 249.50 is half a cent more than 47.40.
    expect([cents(47_40), cents(47_41)]).toContainEqual(tax);
    expect(total.amountMicros).toBe(249_500_000 + tax.amountMicros);
    expect(invoice.lines).toMatchObject([{ amount: subtotal, discount, tax, meter: null }]);
    if (provider === 'stripe') expect(invoice.pageUrl).toContain(`/invoices/`);
    else expect(invoice.pageUrl).toBeNull();
    expect((await fetch(invoice.pdfUrl)).ok).toBe(true);
  });

  it('show the tax id of a business of another country, which pays no tax', async () => {
    const field = provider === 'stripe' ? 'tax_id' : 'tax_number';
    const { owner } = await subscribe({}, { country: 'DE', [field]: 'DE123456789' });
    const [{ id }] = await listInvoices(world, owner);
    const invoice = await readInvoice(owner, id);
    expect(invoice).toMatchObject({ tax: cents(0), total: cents(499_00), paid: cents(499_00) });
    expect(await (await fetch(invoice.pdfUrl)).text()).toContain('DE123456789');
  });

  it('are shown without addresses of pages while the provider cannot be reached', async () => {
    const { owner } = await subscribe();
    const [{ id }] = await listInvoices(world, owner);
    const path = provider === 'stripe' ? '/v1/invoices' : '/transactions';
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503, path })) });
    expect(await readInvoice(owner, id)).toMatchObject({ id, pageUrl: null, pdfUrl: null, lines: [{}] });
  });

  it('of another organization are not found', async () => {
    const { owner } = await subscribe();
    const [{ id }] = await listInvoices(world, owner);
    const otherOwner = await world.app.person();
    const answer = await world.app.send('GET', `/api/v1/billing/invoices/${id}`, {
      token: otherOwner.token,
    });
    expect(answer).toMatchObject({ status: 404, body: { code: 'invoices.not_found' } });
    expect(await listInvoices(world, otherOwner)).toEqual([]);
  });

  it('to come are shown as they would be now, and not for a subscription that ends', async () => {
    const billing = await subscribe();
    const { token } = await ownerWithPlan(world, billing.owner);
    expect(await read(world, token, 'billing/invoices/upcoming')).toMatchObject({
      total: cents(499_00),
      due: cents(499_00),
    });
    await dashboard.cancelLater((await billing.stripeIds()).subscription);
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

  it('have events of each step once, also when webhooks are repeated, mixed up and lost', async () => {
    const { owner } = await subscribe();
    await world.control('deliveries', { duplicates: 2, drop: 0.3, shuffle: true, seed: 7 });
    await advanceDays(world, 35);
    await world.control('deliveries', {});
    await reconcileInvoices(world.app.services);
    await world.app.drain();
    const [{ id }] = await listInvoices(world, owner);
    expect(new Set(await eventsOf(id))).toEqual(new Set(['invoice.issued', 'invoice.paid']));
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('have events of failed payments, with the next attempt where it is known, until they are paid', async () => {
    const billing = await createBilling(world);
    await subscribeWithFailingCard(world, billing, { plan: 'enterprise' });
    await advanceDays(world, 27);
    const { owner } = billing;
    const open = await advanceToOpen(world, owner);
    // Paddle does not say when it tries again.
    const nextAttemptAt = provider === 'stripe' ? (expect.any(String) as string) : null;
    expect(open).toMatchObject({ remaining: cents(499_00), nextAttemptAt });
    expect(await eventsOf(open.id)).toEqual(['invoice.issued', 'invoice.payment_failed']);
    await dashboard.payOverdue(billing);
    await world.settle();
    expect((await listInvoices(world, owner))[0]).toMatchObject({
      id: open.id,
      status: 'paid',
      nextAttemptAt: null,
    });
    expect(await eventsOf(open.id)).toEqual(['invoice.issued', 'invoice.payment_failed', 'invoice.paid']);
  });

  it('that no webhook reported are found by the daily reconciliation, which says which it were', async () => {
    const billing = await createBilling(world);
    const { owner } = billing;
    const { url } = (await billing.startCheckout({ plan: 'enterprise' })).body;
    await world.settle();
    await unreported(() => world.completeCheckout(url));
    expect(await listInvoices(world, owner)).toEqual([]);
    await advanceDays(world, 1);
    await reconcileInvoices(world.app.services);
    const [invoice] = await listInvoices(world, owner);
    expect(invoice).toMatchObject({ status: 'paid' });
    expect(world.app.log).toContainEqual(
      expect.objectContaining({
        event: 'invoices.repaired',
        fields: expect.objectContaining({ organizationId: owner.organizationId, invoices: [invoice.id] }),
      }),
    );
  });

  it('are read again after one that fails, which is remembered: no longer list is asked for', async () => {
    const billing = await subscribe();
    const { customer } = await billing.stripeIds();
    const [{ id, number }] = await listInvoices(world, billing.owner);
    await advanceDays(world, 43);
    await reconcileInvoices(world.app.services);
    // The renewal cannot be stored: its key is taken.
    await ownerSql(
      `update invoices set provider_invoice_id = 'another of ' || id where organization_id = $1 and id <> $2`,
      [billing.owner.organizationId, id],
    );
    await unreported(async () => {
      await dashboard.refund(customer, number, 100);
      await advanceDays(world, 8);
    });
    await reconcileInvoices(world.app.services);
    expect((await readInvoice(billing.owner, id)).refunded.amountMicros).toBe(1_000_000);
    const { organizationId } = billing.owner;
    const [read] = await ownerSql(
      'select succeeded_at = $2 as is_read, unread from invoice_reconciliations where organization_id = $1',
      [organizationId, new Date(world.app.clock.now())],
    );
    expect(read).toMatchObject({
      is_read: true,
      unread: [expect.any(String)],
    });
    await unreported(() => advanceDays(world, 40));
    await ownerSql(`delete from invoices where organization_id = $1 and id <> $2`, [organizationId, id]);
    await reconcileInvoices(world.app.services);
    const ids = (
      await ownerSql(`select provider_invoice_id as id from invoices where organization_id = $1`, [
        organizationId,
      ])
    ).map((row) => row.id);
    expect(ids).toContain((read!.unread as string[])[0]);
  });

  it('of which something was given back later than a month, without a report, are found within a week', async () => {
    const billing = await subscribe();
    const { customer } = await billing.stripeIds();
    const [{ id, number }] = await listInvoices(world, billing.owner);
    await advanceDays(world, 43);
    await reconcileInvoices(world.app.services);
    await unreported(async () => {
      await dashboard.refund(customer, number, 100);
      await advanceDays(world, 0.01); // Paddle approves it.
    });
    const refunded: boolean[] = [];
    for (let day = 0; day < 7; day++) {
      await advanceDays(world, 1.001);
      await reconcileInvoices(world.app.services);
      await world.app.drain();
      refunded.push((await readInvoice(billing.owner, id)).refunded.amountMicros > 0);
    }
    expect([refunded[0], refunded.at(-1)]).toEqual([false, true]);
    expect((await eventsOf(id)).filter((type) => type === 'invoice.refunded')).toHaveLength(1);
  });
});

describe('invoices', () => {
  beforeAll(async () => {
    world = await createStripeWorld();
  });
  afterAll(() => world.close());

  it('are read by those who manage billing', async () => {
    const owner = await world.app.person();
    const member = await world.app.person({ organizationId: owner.organizationId, role: 'member' });
    for (const path of ['invoices', 'invoices/upcoming', 'payment-methods'])
      expect(await world.app.send('GET', `/api/v1/billing/${path}`, { token: member.token })).toMatchObject({
        status: 403,
      });
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

describe('the daily reconciliation', () => {
  beforeAll(async () => {
    world = await createStripeWorld();
  });
  afterAll(() => world.close());

  it('takes 50 customers in a run, continues with the others, and takes each once in a day', async () => {
    /** How many fail in a day: at most 50 in a run, and none twice. */
    const failuresOfDay = async () => {
      const runs: number[] = [];
      for (let run = 0; run < 3; run++) runs.push((await reconcileInvoices(world.app.services)).failed);
      expect(Math.max(...runs)).toBeLessThanOrEqual(50);
      expect(runs[2]).toBe(0);
      return runs[0]! + runs[1]!;
    };
    // Customers of other tests.
    const others = await failuresOfDay();
    world.app.clock.advanceSeconds(86_401);
    // Customers of a provider that is not configured: each fails, and holds up no other.
    for (let count = 0; count < 60; count++) {
      const { organizationId } = await world.app.person();
      await ownerSql(
        `insert into billing_customers (organization_id, provider, customer_id, created_at, updated_at, version)
         values ($1, 'paddle', $1, now(), now(), 1)`,
        [organizationId],
      );
    }
    expect(await failuresOfDay()).toBe(others + 60);
    world.app.clock.advanceSeconds(86_401);
    expect(await failuresOfDay()).toBe(others + 60);
  });
});
