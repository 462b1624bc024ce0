import { beforeAll, describe, expect, it } from 'vitest';
import { sumCosts } from '../../../src/billing/costs/sum-days.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createMeterName, recordUsage, storePrices } from '../costs/support.ts';

const USD = 1_000_000;
let app: TestApp;
let meter: string;
beforeAll(async () => {
  app = createTestApp();
  meter = createMeterName();
  await storePrices(app, { meter, unitPrice: '1', startsAt: '2026-01-01T00:00:00Z' });
});

interface PaidInvoice {
  paidAt: string;
  total: number;
  tax?: number;
  discount?: number;
  currency?: string;
  status?: string;
  creditedBefore?: number;
  /** Given back after it was paid: as credit, and to the card. */
  credited?: number;
  noted?: number;
  refunded?: number;
}

/** Stores an invoice as its provider's report would; amounts are in units of the currency. */
async function storeInvoice({ organizationId }: Person, invoice: PaidInvoice): Promise<void> {
  const { paidAt, total, tax = 0, discount = 0, currency = 'USD', status = 'paid' } = invoice;
  const { creditedBefore = 0, credited = 0, noted = 0, refunded = 0 } = invoice;
  const micros = (amount: number) => Math.round(amount * USD);
  const notes = noted === 0 ? [] : [{ refunded: micros(noted) }];
  await ownerSql(
    `insert into invoices (id, organization_id, provider, provider_invoice_id, status, currency, subtotal, discount, tax, total,
       from_balance, credited_before_payment, due, paid, remaining, credited_after_payment, refunded, lines, credit_notes, refunds,
       attempts, paid_at, created_at, updated_at, version)
     values ($1, $2, 'stripe', $1, $3, $4, $5, $6, $7, $8, 0, $9, $8, $8, 0, $10, $11, '[]', $12, '[]', 1, $13, $14, $14, 1)`,
    [
      `inv_${crypto.randomUUID()}`,
      organizationId,
      status,
      currency,
      micros(total - tax + discount),
      micros(discount),
      micros(tax),
      micros(total),
      micros(creditedBefore),
      micros(credited),
      micros(refunded),
      JSON.stringify(notes),
      status === 'paid' ? paidAt : null,
      paidAt,
    ],
  );
}

const use = async (person: Person, minutes: number, at: string, of = meter) => {
  await recordUsage(app, person, { meter: of, quantity: minutes * 60_000, at });
  await app.drain();
};
const list = (query: string) => app.send('GET', `/api/v1/operator/margins?${query}`, { token: app.operator });
const monthOf = (month: string, next: string) => `from=${month}-01T00:00:00Z&to=${next}-01T00:00:00Z`;
const amounts = (row: Record<string, { amountMicros: number | null }>) =>
  ['cost', 'margin'].map((name) => (row[name]!.amountMicros === null ? null : row[name]!.amountMicros / USD));

describe('the margin of an organization', () => {
  it('is what it paid in the period, without tax and what was given back, minus what its usage cost', async () => {
    const owner = await app.person();
    await storeInvoice(owner, { paidAt: '2026-02-10T00:00:00Z', total: 119, tax: 19 });
    await storeInvoice(owner, { paidAt: '2026-02-11T00:00:00Z', total: 50, discount: 10 });
    await storeInvoice(owner, {
      paidAt: '2026-02-12T00:00:00Z',
      total: 119,
      tax: 19,
      refunded: 59.5,
      noted: 59.5,
      credited: 59.5,
    });
    await storeInvoice(owner, { paidAt: '2026-02-13T00:00:00Z', total: 100, refunded: 40 });
    await storeInvoice(owner, { paidAt: '2026-02-14T00:00:00Z', total: 100, creditedBefore: 30 });
    await storeInvoice(owner, { paidAt: '2026-02-15T00:00:00Z', total: -20 });
    await storeInvoice(owner, { paidAt: '2026-02-15T00:00:00Z', total: 999, status: 'open' });
    await storeInvoice(owner, { paidAt: '2026-03-01T00:00:00Z', total: 7 });
    await use(owner, 12, '2026-02-20T12:00:00Z');
    await use(owner, 500, '2026-03-01T00:00:00Z');
    const expected = 100 + 50 + 50 + 60 + 70 - 20;
    for (const refresh of [async () => {}, () => sumCosts(app.services)]) {
      await refresh();
      const { body } = await list(monthOf('2026-02', '2026-03'));
      expect(body.data).toHaveLength(1);
      const [row] = body.data;
      expect(row).toMatchObject({ organizationId: owner.organizationId, unknownCount: 0, unknownMeters: [] });
      expect(row.revenue).toEqual([{ amountMicros: expected * USD, currency: 'USD' }]);
      expect(amounts(row)).toEqual([12, expected - 12]);
    }
  });

  it('is at most what is shown while a price is unknown, and unknown without any price', async () => {
    const [some, none, unpriced] = [await app.person(), await app.person(), createMeterName()];
    await storeInvoice(some, { paidAt: '2026-04-10T00:00:00Z', total: 49 });
    await use(some, 9, '2026-04-10T00:00:00Z');
    await use(some, 1, '2026-04-10T00:00:00Z', unpriced);
    await use(none, 1, '2026-04-10T00:00:00Z', unpriced);
    const { body } = await list(monthOf('2026-04', '2026-05'));
    expect(body.data.map(amounts)).toEqual([
      [9, 40],
      [null, null],
    ]);
    for (const row of body.data) expect(row).toMatchObject({ unknownCount: 1, unknownMeters: [unpriced] });
    expect(body.data[1].revenue).toEqual([]);
  });

  it('adds no currency to another: it is unknown when there is revenue in another one', async () => {
    const owner = await app.person();
    await storeInvoice(owner, { paidAt: '2026-06-10T00:00:00Z', total: 40, currency: 'EUR' });
    await storeInvoice(owner, { paidAt: '2026-06-11T00:00:00Z', total: 49 });
    const [row] = (await list(monthOf('2026-06', '2026-07'))).body.data;
    expect(row.revenue).toEqual([
      { amountMicros: 40 * USD, currency: 'EUR' },
      { amountMicros: 49 * USD, currency: 'USD' },
    ]);
    expect(amounts(row)).toEqual([0, null]);
  });

  it('decides about the order, page by page, unknown ones last, and only operators see it', async () => {
    const owners: Person[] = [];
    for (const total of [30, 10, 20, 10, 5]) {
      const owner = await app.person();
      owners.push(owner);
      const currency = total === 5 ? 'EUR' : 'USD';
      await storeInvoice(owner, { paidAt: '2026-08-10T00:00:00Z', total, currency });
    }
    const readAll = async (first: string) => {
      const found: string[] = [];
      for (let cursor = ''; ;) {
        const { status, body } = await list(
          `${monthOf('2026-08', '2026-09')}&first=${first}&limit=2${cursor && `&cursor=${cursor}`}`,
        );
        expect(status).toBe(200);
        found.push(...body.data.map(({ organizationId }: { organizationId: string }) => organizationId));
        if (body.nextCursor === null) return found;
        cursor = body.nextCursor;
      }
    };
    const [first, second, third, fourth, last] = owners.map(({ organizationId }) => organizationId);
    const equal = [second!, fourth!].toSorted();
    expect(await readAll('lowest')).toEqual([...equal, third, first, last]);
    expect(await readAll('highest')).toEqual([first, third, ...equal, last]);
    const path = '/api/v1/operator/margins';
    expect((await app.send('GET', path, { token: owners[0]!.token })).status).not.toBe(200);
  });
});
