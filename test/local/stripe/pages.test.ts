import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPrices, periodOf, type StandIn, startStandIn } from './support.ts';

let standIn: StandIn;
let stripe: Stripe;

beforeAll(async () => {
  standIn = await startStandIn();
  ({ stripe } = standIn);
});
afterAll(() => standIn.server.close());

/** Sends the form of a page as a browser does. */
async function submit(url: string, form: Record<string, string>) {
  const { origin } = new URL(url);
  return fetch(url, {
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
}
const card = (number = '4242424242424242') => ({ number, month: '12', year: '2040' });

async function startCheckout(params: Partial<Stripe.Checkout.SessionCreateParams> = {}) {
  const { monthly, enterprise } = await createPrices(stripe);
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    line_items: [{ price: monthly, quantity: 2 }],
    success_url: 'http://localhost:1/done?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost:1/back',
    client_reference_id: 'org_1',
    ...params,
  });
  return { session, enterprise, url: session.url ?? '' };
}

describe('a checkout', () => {
  it('shows what is bought, with a way back', async () => {
    const { url } = await startCheckout();
    const page = await (await fetch(url)).text();
    expect(page).toContain('98.00 USD');
    expect(page).toContain('href="http://localhost:1/back"');
  });

  it('with a trial shows that nothing is due today, and what is due at its end', async () => {
    const { url } = await startCheckout({ subscription_data: { trial_period_days: 14 } });
    const page = (await (await fetch(url)).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(page).toContain('Due today 0.00 USD After the trial of 14 days 98.00 USD');
    expect(page).toContain('Start the trial');
  });

  it('creates customer and subscription and leads to the success page', async () => {
    const { session, url } = await startCheckout({
      subscription_data: { metadata: { organization: 'org_1' } },
    });
    const response = await submit(url, { ...card(), email: 'new@b.test', name: 'New' });
    expect(response.headers.get('location')).toBe(`http://localhost:1/done?session=${session.id}`);
    const done = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['subscription', 'customer', 'line_items'],
    });
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      amount_total: 9800,
      client_reference_id: 'org_1',
    });
    expect(done.subscription).toMatchObject({ status: 'active', metadata: { organization: 'org_1' } });
    expect(done.customer).toMatchObject({ email: 'new@b.test', name: 'New' });
    expect(done.line_items?.data).toHaveLength(1);
    expect((await submit(url, card())).status).toBe(200);
    expect(
      (await stripe.subscriptions.list({ customer: (done.customer as Stripe.Customer).id })).data,
    ).toHaveLength(1);
  });

  it('says why a card is declined and creates nothing; another card may follow', async () => {
    const customer = await stripe.customers.create({});
    const { session, url } = await startCheckout({ customer: customer.id });
    for (const number of ['4000000000000002', '4000000000000341', '1234']) {
      const declined = await submit(url, card(number));
      expect(await declined.text()).toMatch(/role="alert">Your card/);
    }
    expect((await stripe.subscriptions.list({ customer: customer.id, status: 'all' })).data).toEqual([]);
    expect((await submit(url, card())).status).toBe(303);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe('complete');
  });

  it('takes a trial and a promotion code', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 50 });
    await stripe.promotionCodes.create({ promotion: { type: 'coupon', coupon: coupon.id }, code: 'HALF' });
    const { session, url } = await startCheckout({ allow_promotion_codes: true });
    expect(await (await submit(url, { ...card(), code: 'NONE' })).text()).toContain('not valid');
    await submit(url, { ...card(), code: 'half' });
    expect((await stripe.checkout.sessions.retrieve(session.id)).amount_total).toBe(4900);
    const trial = await startCheckout({ subscription_data: { trial_period_days: 14 } });
    await submit(trial.url, card());
    const done = await stripe.checkout.sessions.retrieve(trial.session.id, { expand: ['subscription'] });
    expect(done).toMatchObject({
      payment_status: 'no_payment_required',
      subscription: { status: 'trialing' },
    });
  });

  it('that has expired takes no payment', async () => {
    const { session, url } = await startCheckout();
    await stripe.checkout.sessions.expire(session.id);
    expect(await (await submit(url, card())).text()).toContain('expired');
    const another = await startCheckout();
    await standIn.control('clock', { advanceSeconds: 86_400 });
    expect((await stripe.checkout.sessions.retrieve(another.session.id)).status).toBe('expired');
  });

  it('refuses the form of another site', async () => {
    const { url } = await startCheckout();
    const headers = { origin: 'https://elsewhere.example' };
    expect((await fetch(url, { method: 'POST', headers, body: new URLSearchParams(card()) })).status).toBe(
      403,
    );
  });

  it('shows what somebody entered as text only', async () => {
    const product = await stripe.products.create({ name: '<script>alert(1)</script>' });
    const price = await stripe.prices.create({
      currency: 'usd',
      product: product.id,
      unit_amount: 100,
      recurring: { interval: 'month' },
    });
    const { url } = await startCheckout({ line_items: [{ price: price.id, quantity: 1 }] });
    const page = await (await fetch(url)).text();
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });
});

describe('the portal', () => {
  it('changes the plan and the card, cancels and takes that back', async () => {
    const { session, enterprise, url } = await startCheckout();
    await submit(url, { ...card(), email: 'p@b.test' });
    const { subscription: id, customer } = await stripe.checkout.sessions.retrieve(session.id);
    const portal = await stripe.billingPortal.sessions.create({
      customer: customer as string,
      return_url: 'http://localhost:1/settings',
    });
    const read = () => stripe.subscriptions.retrieve(id as string);
    const subscription = (await read()).id;
    expect(await (await fetch(portal.url)).text()).toContain('href="http://localhost:1/settings"');

    const item = (await read()).items.data[0]?.id ?? '';
    await submit(portal.url, { action: 'change', subscription, item, price: enterprise });
    expect((await read()).items.data[0]?.price.id).toBe(enterprise);
    await submit(portal.url, { action: 'cancel', subscription });
    expect(await read()).toMatchObject({ cancel_at_period_end: true, cancel_at: periodOf(await read()).end });
    await submit(portal.url, { action: 'keep', subscription });
    expect((await read()).cancel_at_period_end).toBe(false);
    const before = (await read()).default_payment_method;
    await submit(portal.url, { action: 'card', ...card('5555555555554444') });
    expect((await read()).default_payment_method).not.toBe(before);
    expect(
      await (await submit(portal.url, { action: 'card', ...card('4000000000000002') })).text(),
    ).toContain('declined');
  });

  it('changes no subscription of another customer', async () => {
    const mine = await startCheckout();
    await submit(mine.url, { ...card(), email: 'm@b.test' });
    const { subscription } = await stripe.checkout.sessions.retrieve(mine.session.id);
    const other = await stripe.customers.create({});
    const portal = await stripe.billingPortal.sessions.create({ customer: other.id });
    await submit(portal.url, { action: 'cancel', subscription: subscription as string });
    expect((await stripe.subscriptions.retrieve(subscription as string)).cancel_at_period_end).toBe(false);
  });
});

describe('an invoice', () => {
  it('has a page and a PDF', async () => {
    const { session, url } = await startCheckout();
    await submit(url, { ...card(), email: 'i@b.test' });
    const { invoice } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['invoice'] });
    const { hosted_invoice_url: page, invoice_pdf: pdf, number } = invoice as Stripe.Invoice;
    expect(await (await fetch(page ?? '')).text()).toContain(number);
    const response = await fetch(pdf ?? '');
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect(await response.text()).toMatch(/^%PDF-1\.4[^]*%%EOF\n$/);
  });
});

it('the overview moves the clock', async () => {
  const { now } = await standIn.control('state');
  const page = await submit(`${standIn.server.url}/`, { seconds: '86400' });
  expect(await page.text()).toContain('UTC');
  expect((await standIn.control('state')).now).toBeGreaterThanOrEqual(now + 86_400);
});
