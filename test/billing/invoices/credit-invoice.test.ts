import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { Person } from '../../support/app.ts';
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

interface Credit {
  as: 'refund' | 'balance' | 'due';
  amountMicros?: number;
  reason?: string;
}

type Listed = { total: { amountMicros: number } };

/** Credits an invoice as an operator does. */
const credit = (
  { organizationId }: Person,
  invoiceId: string,
  body: Credit,
  key: string = crypto.randomUUID(),
) =>
  world.app.send(
    'POST',
    `/api/v1/operator/organizations/${organizationId}/invoices/${invoiceId}/credit-notes`,
    {
      token: world.app.operator,
      body: { reason: 'Outage', ...body },
      headers: { 'idempotency-key': key },
    },
  );

/** An organization that has paid 49 USD, with that invoice. */
async function paid() {
  const owner = await subscribe(world, { trial: false });
  const invoice = (await listInvoices(world, owner)).find((each: Listed) => each.total.amountMicros > 0);
  return { owner, id: invoice.id as string };
}

async function openInvoice() {
  const { owner } = await paid();
  const customer = await customerOf(owner);
  const { id } = await world.stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
  await world.stripe.subscriptions.update(await subscriptionOf(owner), { default_payment_method: id });
  const invoice = await advanceToOpen(world, owner);
  return { owner, id: invoice.id as string };
}

const auditOf = ({ organizationId }: Person) =>
  ownerSql(
    `select after from audit_logs where organization_id = $1 and action = 'invoice.credited' order by created_at`,
    [organizationId],
  );
const eventsOf = async (invoiceId: string) =>
  (
    await ownerSql(`select type from outbox where payload ->> 'invoiceId' = $1 order by seq`, [invoiceId])
  ).map(({ type }) => type);
const refundsOf = async (owner: Person) => {
  const customer = await customerOf(owner);
  const notes = await world.stripe.creditNotes.list({ customer, limit: 100 });
  return notes.data.map(({ amount }) => amount);
};

describe('a credit note', () => {
  it('refunds what was paid, is on the invoice, in the audit log and in the events', async () => {
    const { owner, id } = await paid();
    const answer = await credit(owner, id, { as: 'refund', amountMicros: 10_000_000 });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id,
        total: cents(49_00),
        paid: cents(49_00),
        credited: cents(10_00),
        refunded: cents(10_00),
        creditNotes: [{ amount: cents(10_00), refunded: cents(10_00), memo: 'Outage' }],
        refunds: [{ amount: cents(10_00), isComplete: true }],
      },
    });
    expect(await auditOf(owner)).toMatchObject([
      { after: { as: 'refund', reason: 'Outage', refunded: cents(10_00) } },
    ]);
    expect(await eventsOf(id)).toEqual([
      'invoice.issued',
      'invoice.paid',
      'invoice.credited',
      'invoice.refunded',
    ]);
    const { token } = await ownerWithPlan(world, owner);
    expect(await read(world, token, `billing/invoices/${id}`)).toMatchObject({ refunded: cents(10_00) });
  });

  it('keeps what was paid as credit, which pays the next invoice', async () => {
    const { owner, id } = await paid();
    expect(await credit(owner, id, { as: 'balance', amountMicros: 20_000_000 })).toMatchObject({
      status: 200,
      body: { credited: cents(20_00), refunded: cents(0) },
    });
    await world.advanceDays(32);
    expect((await listInvoices(world, owner))[0]).toMatchObject({
      total: cents(49_00),
      fromBalance: cents(20_00),
      due: cents(29_00),
      paid: cents(29_00),
    });
  });

  it('takes off what an open invoice asks for', async () => {
    const { owner, id } = await openInvoice();
    expect(await credit(owner, id, { as: 'refund' })).toMatchObject({
      status: 409,
      body: { code: 'invoices.not_creditable' },
    });
    expect(await credit(owner, id, { as: 'due', amountMicros: 9_000_000 })).toMatchObject({
      status: 200,
      body: { status: 'open', remaining: cents(40_00), credited: cents(9_00) },
    });
    expect(await credit(owner, id, { as: 'due' })).toMatchObject({
      status: 200,
      body: { status: 'paid', paid: cents(0) },
    });
  });

  it('is for no more than was paid and not given back before, also by refunds at the provider itself', async () => {
    const { owner, id } = await paid();
    expect(await credit(owner, id, { as: 'refund', amountMicros: 49_010_000 })).toMatchObject({
      status: 422,
      body: { code: 'invoices.credit_too_large' },
    });
    await credit(owner, id, { as: 'balance', amountMicros: 9_000_000 });
    const { data: intents } = await world.stripe.paymentIntents.list({ customer: await customerOf(owner) });
    await world.stripe.refunds.create({ payment_intent: intents[0]!.id, amount: 30_00 });
    expect(await credit(owner, id, { as: 'refund', amountMicros: 10_010_000 })).toMatchObject({
      status: 422,
    });
    expect(await credit(owner, id, { as: 'refund' })).toMatchObject({
      status: 200,
      body: { refunded: cents(40_00) },
    });
    expect(await credit(owner, id, { as: 'refund' })).toMatchObject({ status: 409 });
  });

  it('is for whole cents', async () => {
    const { owner, id } = await paid();
    expect(await credit(owner, id, { as: 'refund', amountMicros: 1_234_567 })).toMatchObject({
      status: 422,
      body: { code: 'billing.provider_refused' },
    });
  });

  it('is made once by requests with the same key, one after the other and at once', async () => {
    const { owner, id } = await paid();
    const once = { as: 'refund', amountMicros: 5_000_000 } as const;
    const first = await credit(owner, id, once, 'same');
    const again = await credit(owner, id, once, 'same');
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    await Promise.all([1, 2, 3].map(() => credit(owner, id, once, 'at-once')));
    expect(await refundsOf(owner)).toEqual([500, 500]);
  });

  it('is made once when the answer of the provider was lost, or the request stopped before its commit', async () => {
    const { owner, id } = await paid();
    const path = '/v1/credit_notes';
    await world.control('faults', { next: [{ loseAnswer: true, path }] });
    expect(await credit(owner, id, { as: 'refund', amountMicros: 5_000_000 }, 'lost')).toMatchObject({
      status: 200,
    });
    expect(await refundsOf(owner)).toEqual([500]);
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ loseAnswer: true, path })) });
    expect(await credit(owner, id, { as: 'refund' }, 'stopped')).toMatchObject({ status: 503 });
    await world.settle();
    expect(await credit(owner, id, { as: 'refund' }, 'stopped')).toMatchObject({
      status: 200,
      body: { refunded: cents(49_00) },
    });
    expect(await refundsOf(owner)).toEqual([44_00, 500]);
  });

  it('is made by operators only, and of the invoices of the organization that they name', async () => {
    const { owner, id } = await paid();
    const path = `/api/v1/operator/organizations/${owner.organizationId}/invoices/${id}/credit-notes`;
    const body = { as: 'refund', reason: 'Outage' };
    expect((await world.app.send('POST', path, { token: owner.token, body })).status).toBeGreaterThanOrEqual(
      401,
    );
    const other = await world.app.person();
    expect(await credit(other, id, { as: 'refund' })).toMatchObject({ status: 404 });
    expect(await refundsOf(owner)).toEqual([]);
  });
});
