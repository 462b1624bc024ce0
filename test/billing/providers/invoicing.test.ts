import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditable, invoiceState } from '../../../src/billing/invoices/invoices.rules.ts';
import type {
  ProviderInvoice,
  ProviderName,
  ProviderSubscription,
} from '../../../src/billing/providers/index.ts';
import {
  DAY_MS,
  FAILING_CARD,
  NAMES,
  newKey,
  PRO,
  type ProviderWorld,
  readInvoices,
  readLatest,
  startWorld,
  subscribe,
} from './worlds.ts';

const USD = 1_000_000n;
const refused = (code: string) => expect.objectContaining({ code });

function expectSums({ lines, ...invoice }: ProviderInvoice): void {
  const sum = (name: 'amount' | 'discount' | 'tax') => lines.reduce((all, line) => all + line[name], 0n);
  expect(sum('amount')).toBe(invoice.subtotal);
  expect(sum('discount')).toBe(invoice.discount);
  expect(sum('tax')).toBe(invoice.tax);
  expect(invoice.subtotal - invoice.discount + invoice.tax).toBe(invoice.total);
  expect(invoice.due).toBe(invoice.total - invoice.fromBalance - invoice.creditedBeforePayment);
  expect(invoice.paid + invoice.remaining).toBe(invoice.due);
}

describe.each(NAMES)('invoices at %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  it('have sums that agree to the micro-unit, also after changes in both directions', async () => {
    const { id, customerId } = await subscribe(world);
    await world.advance(3);
    await world.provider.changePlan(id, {
      choice: { ...PRO, plan: 'enterprise' },
      timing: 'now',
      key: newKey(),
    });
    await world.advance(5);
    await world.provider.changePlan(id, { choice: PRO, timing: 'now', key: newKey() });
    await world.advance(62);
    const invoices = (await readInvoices(world, customerId)).map(({ invoice }) => invoice);
    expect(invoices.length).toBeGreaterThanOrEqual(4);
    for (const invoice of invoices) {
      expectSums(invoice);
      expect(invoice).toMatchObject({ status: 'paid', currency: 'USD', customerId, subscriptionId: id });
    }
    const ofChange = invoices.filter(({ lines }) => lines.some(({ isProration }) => isProration));
    expect(ofChange.length).toBeGreaterThanOrEqual(1);
    expect(invoices.some(({ fromBalance }) => fromBalance < 0n)).toBe(true);
    expect(invoices.some(({ fromBalance }) => fromBalance > 0n)).toBe(true);
  });

  it('are listed from a moment on, with a number and a PDF', async () => {
    const { id, customerId, periodEndsAtMs } = await subscribe(world);
    await world.advance(32);
    const [renewal, first] = await readInvoices(world, customerId);
    expect(await world.provider.listInvoices(customerId, periodEndsAtMs - 1_000)).toEqual([
      renewal?.invoice.id,
    ]);
    expect(first?.invoice).toMatchObject({ paid: 49n * USD, number: expect.any(String), subscriptionId: id });
    expect(first?.invoice.paidAtMs).toBeGreaterThan(0);
    const pdf = await fetch(first?.invoice.pdfUrl ?? '');
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(await world.provider.readInvoice('in_none')).toBeUndefined();
  });

  it('are shown before they are made, and not for a subscription that ends', async () => {
    const { id, customerId } = await subscribe(world);
    const upcoming = await world.provider.readUpcomingInvoice(id);
    expectSums(upcoming!);
    expect(upcoming).toMatchObject({ customerId, subscriptionId: id, number: null, due: 49n * USD });
    await world.provider.cancel(id, { at: 'now', key: newKey() });
    expect(await world.provider.readUpcomingInvoice(id)).toBeUndefined();
  });

  it('remain open while a payment fails', async () => {
    const { customerId, periodStartsAtMs, periodEndsAtMs } = await subscribe(world, { card: FAILING_CARD });
    await world.advance((periodEndsAtMs - periodStartsAtMs) / DAY_MS + 0.3);
    const invoice = await readLatest(world, customerId);
    expect(invoice).toMatchObject({ status: 'open', paid: 0n, remaining: 49n * USD, paidAtMs: null });
    expect(invoice.attempts).toBe(1);
  });

  it('are refunded in part, once for each key, and never beyond what was paid', async () => {
    const { customerId } = await subscribe(world);
    const invoice = await readLatest(world, customerId);
    const request = {
      invoiceId: invoice.id,
      amount: 10n * USD,
      currency: 'USD',
      as: 'refund' as const,
      reason: null,
      memo: 'An outage',
      key: newKey(),
    };
    await world.provider.creditInvoice(request);
    await world.provider.creditInvoice(request);
    const record = await world.provider.readInvoice(invoice.id);
    expect(record?.creditNotes).toMatchObject([{ amount: 10n * USD, memo: 'An outage', key: request.key }]);
    expect(record?.refunds.map(({ amount }) => amount)).toEqual([10n * USD]);
    expect(record?.invoice.creditedAfterPayment).toBe(10n * USD);
    await world.advance(0.1);
    const beyond = world.provider.creditInvoice({ ...request, amount: 40n * USD, key: newKey() });
    await expect(beyond).rejects.toEqual(refused('billing.provider_refused'));
    const fraction = world.provider.creditInvoice({ ...request, amount: 5n, key: newKey() });
    await expect(fraction).rejects.toEqual(refused('billing.provider_refused'));
  });

  it('count a refund once, also while it waits for approval', async () => {
    const { customerId } = await subscribe(world);
    const { id: invoiceId } = await readLatest(world, customerId);
    const request = { invoiceId, currency: 'USD', as: 'refund' as const, reason: null, memo: 'An outage' };
    await world.provider.creditInvoice({ ...request, amount: 10n * USD, key: newKey() });
    const left = async () => {
      const record = await world.provider.readInvoice(invoiceId);
      return creditable(invoiceState(record!), 'refund');
    };
    expect(await left()).toBe(39n * USD);
    await world.advance(0.1);
    expect(await left()).toBe(39n * USD);
  });

  it('are credited to the balance where the provider can do that', async () => {
    const { customerId } = await subscribe(world);
    const invoice = await readLatest(world, customerId);
    const credit = world.provider.creditInvoice({
      invoiceId: invoice.id,
      amount: 10n * USD,
      currency: 'USD',
      as: 'balance',
      reason: null,
      memo: 'An outage',
      key: newKey(),
    });
    if (name === 'paddle')
      return expect(credit).rejects.toEqual(refused('billing.not_supported_by_provider'));
    await credit;
    await world.advance(32);
    expect((await readInvoices(world, customerId))[0]?.invoice).toMatchObject({
      fromBalance: 10n * USD,
      paid: 39n * USD,
    });
  });
});

describe.each(NAMES)('payment methods at %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  it('are listed with the one that is charged, and can be removed', async () => {
    const { customerId } = await subscribe(world);
    const [method, ...others] = await world.provider.listPaymentMethods(customerId);
    expect(others).toEqual([]);
    expect(method).toMatchObject({
      id: expect.stringMatching(/^[A-Za-z0-9_-]{3,255}$/),
      kind: 'card',
      brand: 'visa',
      last4: '4242',
      expiryMonth: 12,
      expiryYear: 2099,
      isDefault: true,
    });
    const chosen = world.provider.setDefaultPaymentMethod(customerId, method!.id);
    if (name === 'paddle') await expect(chosen).rejects.toEqual(refused('billing.not_supported_by_provider'));
    else await chosen;
    await world.provider.removePaymentMethod(method!.id);
    expect(await world.provider.listPaymentMethods(customerId)).toEqual([]);
  });
});

describe.each(NAMES)('usage at %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  const report = (
    { id, customerId }: Pick<ProviderSubscription, 'id' | 'customerId'>,
    units: bigint,
    identifier: string,
  ) =>
    world.provider.reportUsage({
      customerId,
      subscriptionId: id,
      meter: 'participant_minutes',
      units,
      atMs: Date.now(),
      identifier,
    });

  it('is charged with the next period, each identifier once', async () => {
    const subscription = await subscribe(world);
    const { id, customerId, startsAtMs } = subscription;
    const identifier = newKey();
    await report(subscription, 250n, identifier);
    await report(subscription, 250n, identifier);
    await report(subscription, 112n, newKey());
    const reported = () =>
      world.provider.readReportedUnits({
        customerId,
        subscriptionId: id,
        meter: 'participant_minutes',
        fromMs: startsAtMs,
        untilMs: Date.now() + 60_000,
      });
    expect(await reported()).toBe(362n);
    const upcoming = await world.provider.readUpcomingInvoice(id);
    expect(upcoming?.due).toBe(52_620_000n);
    await world.advance(32);
    const invoice = await readLatest(world, customerId);
    expectSums(invoice);
    const usage = invoice.lines.filter(({ meter }) => meter === 'participant_minutes');
    expect(usage.reduce((sum, { amount }) => sum + amount, 0n)).toBe(3_620_000n);
    expect(invoice.paid).toBe(52_620_000n);
  });
});
