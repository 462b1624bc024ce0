import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProviderName } from '../../../src/billing/providers/index.ts';
import { withPendingPayments } from '../../support/payments/pending.ts';
import {
  API_KEY,
  createCustomer,
  DAY_MS,
  ENTERPRISE,
  FAILING_CARD,
  NAMES,
  newKey,
  PRO,
  PRO_YEARLY,
  type ProviderWorld,
  read,
  startCheckout,
  startWorld,
  subscribe,
} from './worlds.ts';

/** Micro-units of a cent. */
const CENT = 10_000n;
const refused = (code: string) => expect.objectContaining({ code });

describe.each(NAMES)('the catalogue at %s', (name: ProviderName) => {
  it('is made once, and a price is never changed', async () => {
    const world = await startWorld(name);
    const made = await world.provider.ensureCatalog();
    expect(made).toContain('auralink_pro_monthly_v1');
    expect(made).toContain('auralink_seat_enterprise_yearly_v1');
    expect(made).toContain('auralink_overage_participant_minutes_monthly_v1');
    expect(new Set(made).size).toBe(made.length);
    expect(await world.provider.ensureCatalog()).toEqual([]);
    await world.close();
  });

  it('that is missing is answered as an unavailable provider', async () => {
    const world = await startWorld(name);
    const customerId = await createCustomer(world);
    await expect(startCheckout(world, customerId)).rejects.toMatchObject({
      code: 'billing.provider_unavailable',
    });
    await world.close();
  });

  it('is refused when a price exists with another amount', async () => {
    const world = await startWorld(name);
    await world.createWrongPrice('auralink_pro_monthly_v1');
    await expect(world.provider.ensureCatalog()).rejects.toThrow(/another amount/);
    await world.close();
  });
});

describe.each(NAMES)('subscriptions at %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  it('an organization is one customer, and another one once the provider has deleted it', async () => {
    const request = { organizationId: newKey(), customerId: null, name: 'Acme', email: `${newKey()}@b.test` };
    const id = await world.provider.ensureCustomer(request);
    expect(await world.provider.ensureCustomer(request)).toBe(id);
    expect(await world.provider.ensureCustomer({ ...request, customerId: id })).toBe(id);
    await world.deleteCustomer(id);
    expect(await world.provider.ensureCustomer({ ...request, customerId: id })).not.toBe(id);
  });

  it('a checkout is one for each key, and begins a subscription when it is paid', async () => {
    const customerId = await createCustomer(world);
    const key = newKey();
    const checkout = await startCheckout(world, customerId, { key });
    expect(await startCheckout(world, customerId, { key })).toEqual(checkout);
    expect((await startCheckout(world, customerId)).id).not.toBe(checkout.id);
    expect(await world.provider.listSubscriptions(customerId)).toEqual([]);
    const paid = await world.pay(checkout.url);
    expect(paid.headers.get('location')).toBe('http://localhost:1/done');
    const [subscription, ...others] = await world.provider.listSubscriptions(customerId);
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({
      customerId,
      status: 'active',
      choice: PRO,
      paid: null,
      currency: 'USD',
    });
    expect(await world.provider.readSubscription(subscription?.id ?? '')).toEqual(subscription);
    const days = (subscription!.periodEndsAtMs - subscription!.periodStartsAtMs) / DAY_MS;
    expect(days).toBeGreaterThan(27);
    expect(days).toBeLessThan(32);
  });

  it('a declined card begins nothing', async () => {
    const customerId = await createCustomer(world);
    const { url } = await startCheckout(world, customerId);
    expect((await world.pay(url, '4000000000000002')).status).toBe(200);
    expect(await world.provider.listSubscriptions(customerId)).toEqual([]);
  });

  it('a plan without a trial ends the trial: it costs what its preview says, at once, and its period begins', async () => {
    const decidedOn = await subscribe(world, { trialDays: 14 });
    const { id, customerId } = decidedOn;
    const change = { choice: ENTERPRISE, timing: 'now' as const, endsTrial: true };
    const preview = await world.provider.previewChange(id, change);
    expect(preview.dueNow).toBe(49_900n * CENT);
    const options = { decidedOn, key: newKey() };
    await world.provider.changePlan(id, { ...change, ...options });
    await world.provider.changePlan(id, { ...change, ...options });
    const changed = await read(world, id);
    expect(changed).toMatchObject({ status: 'active', choice: ENTERPRISE, paid: null });
    // To the minute by one clock; when other tests have moved the provider's, in as long as a period, whose months differ by days.
    const byOneClockMs = Math.abs(changed.periodEndsAtMs - preview.nextInvoiceAtMs);
    const lastsMs = changed.periodEndsAtMs - changed.periodStartsAtMs;
    const byLengthMs = Math.abs(Date.now() + lastsMs - preview.nextInvoiceAtMs);
    expect(byOneClockMs < 61_000 || byLengthMs < 4 * DAY_MS).toBe(true);
    const paid = (await world.readPayments(customerId)).reduce((sum, amount) => sum + amount, 0);
    expect(Math.abs(paid - 49_900)).toBeLessThan(4);
  });

  it('a plan without a trial is not given in one when its payment fails', async () => {
    const { id, customerId } = await subscribe(world, { trialDays: 14, card: FAILING_CARD });
    const change = { choice: ENTERPRISE, timing: 'now' as const, endsTrial: true, key: newKey() };
    await expect(world.provider.changePlan(id, change)).rejects.toEqual(refused('billing.payment_failed'));
    expect((await read(world, id)).choice).toEqual(PRO);
    expect(await world.readPayments(customerId)).toEqual([0]);
  });

  it('a trial charges nothing before its end', async () => {
    const { id, customerId, status, trialEndsAtMs, startsAtMs } = await subscribe(world, { trialDays: 14 });
    expect(status).toBe('trialing');
    expect(trialEndsAtMs).toBe(startsAtMs + 14 * DAY_MS);
    expect(await world.readPayments(customerId)).toEqual([0]);
    await world.advance(14.1);
    expect((await read(world, id)).status).toBe('active');
    expect(await world.readPayments(customerId)).toEqual([4_900, 0]);
  });

  it('a promotion code lowers the first payment, and an unknown one is refused', async () => {
    const code = `CODE${newKey().slice(4)}`;
    await world.createCode(code);
    const customerId = await createCustomer(world);
    const { url } = await startCheckout(world, customerId, { promotionCode: code });
    await world.pay(url);
    expect(await world.readPayments(customerId)).toEqual([3_920]);
    const unknown = startCheckout(world, customerId, { promotionCode: 'NONE' });
    await expect(unknown).rejects.toEqual(refused('billing.promotion_code_invalid'));
  });

  it('a checkout that was ended cannot be paid', async () => {
    const customerId = await createCustomer(world);
    const { id, url } = await startCheckout(world, customerId);
    expect(await world.provider.expireCheckout(id)).toBe(true);
    expect(await world.provider.expireCheckout(id)).toBe(false);
    await world.pay(url);
    expect(await world.provider.listSubscriptions(customerId)).toEqual([]);
  });

  it('the portal is a page of the customer', async () => {
    const { customerId } = await subscribe(world);
    const url = await world.provider.openPortal({ customerId, returnUrl: 'http://localhost:1/' });
    expect((await fetch(url)).status).toBe(200);
  });

  it('a change now costs what its preview says, and once', async () => {
    const { id, customerId, periodEndsAtMs } = await subscribe(world);
    const change = { choice: ENTERPRISE, timing: 'now' as const };
    const preview = await world.provider.previewChange(id, change);
    expect(preview.nextInvoiceAtMs).toBe(periodEndsAtMs);
    expect(preview.lines.reduce((sum, { amount }) => sum + amount, 0n) + preview.tax).toBe(preview.dueNow);
    expect(preview.dueNow).toBeGreaterThan(44_900n * CENT);
    expect((await read(world, id)).choice).toEqual(PRO);
    const key = newKey();
    await world.provider.changePlan(id, { ...change, key });
    await world.provider.changePlan(id, { ...change, key });
    expect(await read(world, id)).toMatchObject({ choice: ENTERPRISE, paid: null, periodEndsAtMs });
    const payments = await world.readPayments(customerId);
    expect(payments).toHaveLength(2);
    // The preview counts to its own second or minute, the change to that in which it happens.
    const difference = preview.dueNow / CENT - BigInt(payments[0] ?? 0);
    expect(difference >= 0n && difference < 4n).toBe(true);
  });

  it.each([
    [PRO, PRO_YEARLY],
    [PRO_YEARLY, PRO],
  ])('a change of interval costs what its preview says, and begins a period: %j', async (choice, next) => {
    const { id, customerId } = await subscribe(world, { choice });
    const change = { choice: next, timing: 'now' as const };
    const preview = await world.provider.previewChange(id, change);
    await world.provider.changePlan(id, { ...change, key: newKey() });
    const { periodEndsAtMs } = await read(world, id);
    expect(Math.abs(preview.nextInvoiceAtMs - periodEndsAtMs)).toBeLessThan(61_000);
    const [paid = 0] = await world.readPayments(customerId);
    const difference = preview.dueNow / CENT - BigInt(next === PRO_YEARLY ? paid : 0);
    expect(difference >= -4n && difference < 4n).toBe(true);
  });

  it('a change at the end of the period waits, charges nothing before, and can be taken back', async () => {
    const { id, customerId, periodEndsAtMs } = await subscribe(world, { choice: ENTERPRISE });
    const change = { choice: PRO, timing: 'period_end' as const };
    expect((await world.provider.previewChange(id, change)).dueNow).toBe(0n);
    await world.provider.changePlan(id, { ...change, key: newKey() });
    const paid = { choice: ENTERPRISE, untilMs: periodEndsAtMs };
    await world.provider.changePlan(id, { ...change, key: newKey() }); // Twice is the same as once.
    expect(await read(world, id)).toMatchObject({ choice: PRO, paid, periodEndsAtMs });
    await world.provider.changePlan(id, { choice: ENTERPRISE, timing: 'undo', key: newKey() });
    expect(await read(world, id)).toMatchObject({ choice: ENTERPRISE, paid: null, periodEndsAtMs });
    expect(await world.readPayments(customerId)).toEqual([49_900]);
  });

  it('another change is refused while one waits, because what was not paid would be given back', async () => {
    const { id, customerId } = await subscribe(world, { choice: ENTERPRISE });
    await world.provider.changePlan(id, { choice: PRO, timing: 'period_end', key: newKey() });
    const change = { choice: PRO_YEARLY, timing: 'now' as const };
    const failure = refused('billing.provider_refused');
    await expect(world.provider.previewChange(id, change)).rejects.toEqual(failure);
    await expect(world.provider.changePlan(id, { ...change, key: newKey() })).rejects.toEqual(failure);
    expect(await world.readPayments(customerId)).toEqual([49_900]);
  });

  it('a smaller plan that waits is charged from the next period', async () => {
    const { id, customerId } = await subscribe(world, { choice: ENTERPRISE });
    await world.provider.changePlan(id, { choice: PRO, timing: 'period_end', key: newKey() });
    await world.advance(32);
    expect(await world.readPayments(customerId)).toEqual([4_900, 49_900]);
  });

  it('a cancellation at the end of the period can be taken back', async () => {
    const { id, periodEndsAtMs } = await subscribe(world);
    await world.provider.cancel(id, { at: 'period_end', key: newKey() });
    await world.provider.cancel(id, { at: 'period_end', key: newKey() });
    expect(await read(world, id)).toMatchObject({ status: 'active', cancelsAtMs: periodEndsAtMs });
    await world.provider.resume(id, { key: newKey() });
    await world.provider.resume(id, { key: newKey() });
    expect(await read(world, id)).toMatchObject({ cancelsAtMs: null });
    await world.provider.cancel(id, { at: 'period_end', key: newKey() });
    await world.advance(32);
    expect(await read(world, id)).toMatchObject({
      status: 'cancelled',
      endedAtMs: periodEndsAtMs,
      cancelsAtMs: null,
    });
  });

  it('nothing is changed that differs from what was decided on, and what is made already is no change', async () => {
    const { provider } = world;
    const decidedOn = await subscribe(world, { choice: ENTERPRISE });
    const { id } = decidedOn;
    const options = () => ({ decidedOn, key: newKey() });
    const failure = refused('billing.change_conflict');
    const change = { choice: PRO, timing: 'period_end' as const };
    await provider.changePlan(id, { ...change, ...options() });
    await provider.changePlan(id, { ...change, ...options() });
    const waiting = await read(world, id);
    await expect(provider.cancel(id, { at: 'period_end', ...options() })).rejects.toEqual(failure);
    await expect(provider.cancel(id, { at: 'now', ...options() })).rejects.toEqual(failure);
    await expect(provider.pause(id, { resumesAtMs: null, ...options() })).rejects.toEqual(failure);
    expect(await read(world, id)).toEqual(waiting);
    await provider.cancel(id, { at: 'period_end', key: newKey() });
    await provider.cancel(id, { at: 'period_end', ...options() });
    const next = { choice: PRO_YEARLY, timing: 'period_end' as const };
    await expect(provider.changePlan(id, { ...next, ...options() })).rejects.toEqual(failure);
    await expect(provider.resume(id, options())).rejects.toEqual(failure);
    await provider.resume(id, { key: newKey() });
    await provider.resume(id, options());
    await provider.pause(id, { resumesAtMs: null, key: newKey() });
    await expect(provider.unpause(id, options())).rejects.toEqual(failure);
    expect(await read(world, id)).toMatchObject({ status: 'paused', choice: PRO, cancelsAtMs: null });
  });

  it('a cancellation now ends at once, and gives the payment back on request, once', async () => {
    const { id, customerId } = await subscribe(world);
    const options = { at: 'now' as const, refund: true, key: newKey() };
    await world.provider.cancel(id, options);
    await world.provider.cancel(id, options);
    expect((await read(world, id)).status).toBe('cancelled');
    expect(await world.readRefunds(customerId)).toEqual([4_900]);
  });

  it('a cancellation with a refund that was not done leaves the subscription, so that a repetition does both', async () => {
    const { id, customerId } = await subscribe(world);
    const path = name === 'stripe' ? '/v1/refunds' : '/adjustments';
    await world.control('faults', { next: Array.from({ length: 3 }, () => ({ status: 503, path })) });
    const options = { at: 'now' as const, refund: true, key: newKey() };
    await expect(world.provider.cancel(id, options)).rejects.toEqual(refused('billing.provider_unavailable'));
    await world.control('faults', { next: [] });
    expect((await read(world, id)).status).toBe('active');
    await world.provider.cancel(id, options);
    expect((await read(world, id)).status).toBe('cancelled');
    expect(await world.readRefunds(customerId)).toEqual([4_900]);
  });

  it('a payment that is still being made is given back once it was, after the cancellation', async () => {
    const { id, customerId } = await subscribe(world);
    const options = { at: 'now' as const, refund: true, key: newKey() };
    const fetcher = withPendingPayments();
    expect(await world.adapter({ fetcher }).cancel(id, options)).toEqual({ isRefundPending: true });
    expect((await read(world, id)).status).toBe('cancelled');
    expect(await world.readRefunds(customerId)).toEqual([]);
    expect(await world.provider.cancel(id, options)).toEqual({ isRefundPending: false });
    expect(await world.provider.cancel(id, options)).toEqual({ isRefundPending: false });
    expect(await world.readRefunds(customerId)).toEqual([4_900]);
  });

  it('a checkout that the provider does not know is not open', async () => {
    const id = name === 'stripe' ? 'cs_test_none' : 'txn_none';
    expect(await world.provider.expireCheckout(id)).toBe(false);
  });

  it('a pause charges nothing until it ends', async () => {
    const { id, customerId } = await subscribe(world);
    await world.provider.pause(id, { resumesAtMs: null, key: newKey() });
    await world.provider.pause(id, { resumesAtMs: null, key: newKey() });
    expect(await read(world, id)).toMatchObject({ status: 'paused', resumesAtMs: null });
    await world.advance(70);
    const paid = async () => (await world.readPayments(customerId)).reduce((sum, amount) => sum + amount, 0);
    expect(await paid()).toBe(4_900);
    await world.provider.unpause(id, { key: newKey() });
    expect((await read(world, id)).status).toBe('active');
    await world.advance(32);
    expect(await paid()).toBeGreaterThan(4_900);
  });

  it('a failed renewal is past due, and ends in a cancellation', async () => {
    const { id } = await subscribe(world, { card: FAILING_CARD });
    await world.advance(31.3);
    expect((await read(world, id)).status).toBe('past_due');
    await world.advance(16);
    expect((await read(world, id)).status).toBe('cancelled');
  });

  it('there is no subscription with an unknown id', async () => {
    expect(await world.provider.readSubscription('sub_none')).toBeUndefined();
  });
});

describe('subscriptions at stripe', () => {
  it('are cancelled when their payment was refunded before, with another key', async () => {
    const world = await startWorld('stripe');
    await world.provider.ensureCatalog();
    const { id, customerId } = await subscribe(world);
    // As after the day for which Stripe remembers keys.
    const fetcher: typeof fetch = (url, init) => {
      const headers = new Headers(init?.headers);
      if (headers.has('idempotency-key')) headers.set('idempotency-key', newKey());
      return fetch(url, { ...init, headers });
    };
    const options = { at: 'now' as const, refund: true, key: newKey() };
    await world.provider.cancel(id, options);
    await world.adapter({ fetcher }).cancel(id, options);
    expect(await world.readRefunds(customerId)).toEqual([4_900]);
    await world.close();
  });
});

describe('usage that a plan charged for once, at stripe,', () => {
  it('is taken away with the next change, and does not keep a subscription from another interval', async () => {
    const world = await startWorld('stripe');
    await world.provider.ensureCatalog();
    const { id } = await subscribe(world);
    const form = (path: string, body?: Record<string, string>) =>
      fetch(`${world.server.url}/v1/${path}`, {
        headers: { authorization: `Bearer ${API_KEY}` },
        ...(body ? { method: 'POST', body: new URLSearchParams(body) } : {}),
      }).then((response) => response.json<{ id: string; items: { data: { price: { id: string } }[] } }>());
    const meter = await form('billing/meters', {
      display_name: 'Former',
      event_name: 'former',
      'default_aggregation[formula]': 'sum',
    });
    const product = await form('products', { name: 'Former' });
    const price = await form('prices', {
      product: product.id,
      currency: 'usd',
      unit_amount: '1',
      lookup_key: 'auralink_overage_former_monthly_v1',
      'recurring[interval]': 'month',
      'recurring[usage_type]': 'metered',
      'recurring[meter]': meter.id,
    });
    const prices = async () => (await form(`subscriptions/${id}`)).items.data.map((item) => item.price.id);
    await form(`subscriptions/${id}`, { 'items[0][price]': price.id });
    expect(await prices()).toContain(price.id);
    await world.provider.changePlan(id, { choice: PRO_YEARLY, timing: 'now', key: newKey() });
    expect((await read(world, id)).choice).toEqual(PRO_YEARLY);
    expect(await prices()).not.toContain(price.id);
    await world.close();
  });
});

describe('subscriptions at paddle', () => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld('paddle');
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  it('keep the period that was paid for, also when the next one has another interval', async () => {
    const { id, customerId, periodEndsAtMs } = await subscribe(world, { choice: PRO });
    await world.provider.changePlan(id, { choice: PRO_YEARLY, timing: 'period_end', key: newKey() });
    const paid = { choice: PRO, untilMs: periodEndsAtMs };
    expect(await read(world, id)).toMatchObject({ choice: PRO_YEARLY, paid, periodEndsAtMs });
    await world.provider.changePlan(id, { choice: PRO, timing: 'undo', key: newKey() });
    expect(await read(world, id)).toMatchObject({ choice: PRO, paid: null, periodEndsAtMs });
    await world.provider.changePlan(id, { choice: PRO_YEARLY, timing: 'period_end', key: newKey() });
    await world.advance(32);
    expect(await world.readPayments(customerId)).toEqual([49_000, 4_900]);
    const { periodEndsAtMs: end, periodStartsAtMs: start } = await read(world, id);
    expect((end - start) / DAY_MS).toBeGreaterThan(364);
  });

  it('can be changed now once the period has ended for which a change waited', async () => {
    const { id } = await subscribe(world, { choice: ENTERPRISE });
    await world.provider.changePlan(id, { choice: PRO, timing: 'period_end', key: newKey() });
    await world.advance(32);
    expect(await read(world, id)).toMatchObject({ choice: PRO, paid: null });
    await world.provider.changePlan(id, { choice: ENTERPRISE, timing: 'now', key: newKey() });
    const { periodEndsAtMs, ...changed } = await read(world, id);
    expect(changed).toMatchObject({ choice: ENTERPRISE, paid: null });
    await world.provider.changePlan(id, { choice: PRO, timing: 'period_end', key: newKey() });
    const paid = { choice: ENTERPRISE, untilMs: periodEndsAtMs };
    expect(await read(world, id)).toMatchObject({ choice: PRO, paid });
  });

  it('need an e-mail address that no other customer has', async () => {
    const failure = refused('billing.provider_refused');
    const request = { organizationId: newKey(), customerId: null, name: 'Acme', email: null };
    await expect(world.provider.ensureCustomer(request)).rejects.toEqual(failure);
    const email = `${newKey()}@b.test`;
    await world.provider.ensureCustomer({ ...request, email });
    const other = world.provider.ensureCustomer({ ...request, organizationId: newKey(), email });
    await expect(other).rejects.toEqual(refused('billing.email_taken'));
  });
});
