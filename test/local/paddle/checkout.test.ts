import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Adjustment,
  createCatalog,
  type Catalog,
  DAY,
  DECLINED_CARD,
  FAILING_LATER,
  GOOD_CARD,
  startCheckout,
  startStandIn,
  type StandIn,
  subscribe,
  sum,
  type Subscription,
  type Transaction,
} from './support.ts';

let standIn: StandIn;
let catalog: Catalog;
beforeAll(async () => {
  standIn = await startStandIn();
  catalog = await createCatalog(standIn);
});
afterAll(() => standIn.server.close());

const read = (id: string) => standIn.data<Transaction>(`GET /transactions/${id}`);
const urlOf = ({ checkout }: Transaction) => checkout?.url ?? '';

describe('a checkout', () => {
  it('begins a subscription once it is paid, and leads back to where the transaction says', async () => {
    const custom_data = { return_url: 'http://localhost:1/done', organization_id: 'org_1' };
    const begun = await startCheckout(standIn, catalog.monthly, { custom_data });
    expect(begun).toMatchObject({ status: 'draft', subscription_id: null, invoice_number: null });
    expect(await standIn.pay(urlOf(begun), GOOD_CARD)).toBe('http://localhost:1/done');
    const paid = await read(begun.id);
    expect(paid).toMatchObject({ status: 'completed', custom_data, details: { totals: { balance: '0' } } });
    expect(paid.invoice_number).toMatch(/^325-\d+$/);
    const subscription = await standIn.subscription(paid.subscription_id ?? '');
    expect(subscription).toMatchObject({ status: 'active', custom_data, customer_id: begun.customer_id });
    expect(subscription.next_billed_at).toBe(subscription.current_billing_period?.ends_at);
  });

  it('leaves a declined payment behind, and can be paid with another card', async () => {
    const begun = await startCheckout(standIn, catalog.monthly);
    expect(await standIn.pay(urlOf(begun), DECLINED_CARD)).toContain('declined');
    const declined = await read(begun.id);
    expect(declined).toMatchObject({ status: 'ready', subscription_id: null });
    expect(declined.payments).toMatchObject([{ status: 'error', error_code: 'declined', amount: '4900' }]);
    await standIn.pay(urlOf(begun), GOOD_CARD);
    const paid = await read(begun.id);
    expect(paid.payments.map(({ status }) => status)).toEqual(['captured', 'error']);
    expect(paid.status).toBe('completed');
  });

  it('is paid once', async () => {
    const begun = await startCheckout(standIn, catalog.monthly);
    await standIn.pay(urlOf(begun), GOOD_CARD);
    expect(await standIn.pay(urlOf(begun), GOOD_CARD)).toBe('');
    expect(
      await standIn.data<Subscription[]>(`GET /subscriptions?customer_id=${begun.customer_id}`),
    ).toHaveLength(1);
    expect(await standIn.call(`PATCH /transactions/${begun.id}`, { status: 'canceled' })).toMatchObject({
      status: 400,
      error: { code: 'transaction_immutable' },
    });
  });

  it('cannot be paid any more after it was canceled', async () => {
    const begun = await startCheckout(standIn, catalog.monthly);
    await standIn.data(`PATCH /transactions/${begun.id}`, { status: 'canceled' });
    await standIn.pay(urlOf(begun), GOOD_CARD);
    expect(await read(begun.id)).toMatchObject({ status: 'canceled', payments: [] });
  });

  it('has a page of another site on request', async () => {
    const begun = await startCheckout(standIn, catalog.monthly, {
      checkout: { url: 'https://pay.b.test/?a=1' },
    });
    expect(urlOf(begun)).toBe(`https://pay.b.test/?a=1&_ptxn=${begun.id}`);
  });

  it('adds the tax of the country, except for a business with a tax number', async () => {
    const german = await subscribe(standIn, catalog.monthly, { country: 'DE' });
    const [transaction] = await standIn.transactions(german.id);
    expect(transaction?.details.totals).toMatchObject({ subtotal: '4900', tax: '931', total: '5831' });
    const { id: customer } = await standIn.data<{ id: string }>('POST /customers', { email: 'biz@b.test' });
    const address = await standIn.data<{ id: string }>(`POST /customers/${customer}/addresses`, {
      country_code: 'DE',
    });
    const business = await standIn.data<{ id: string }>(`POST /customers/${customer}/businesses`, {
      name: 'B GmbH',
      tax_identifier: 'DE123456789',
    });
    const exempt = await standIn.data<Transaction>('POST /transactions', {
      items: [{ price_id: catalog.monthly, quantity: 1 }],
      customer_id: customer,
      address_id: address.id,
      business_id: business.id,
    });
    expect(exempt).toMatchObject({ status: 'ready', details: { totals: { tax: '0', total: '4900' } } });
  });

  it('takes a discount code; one that does not recur counts for the first payment', async () => {
    const discount = (code: string, more: object) =>
      standIn.data('POST /discounts', {
        description: code,
        type: 'percentage',
        amount: '25',
        code,
        ...more,
      });
    await discount('ONCE25', {});
    await discount('LASTING', { recur: true, maximum_recurring_intervals: 2 });
    const totalsOf = async ({ id }: Subscription) =>
      (await standIn.transactions(id)).map(({ details }) => details.totals.grand_total);
    const once = await subscribe(standIn, catalog.monthly, { code: 'once25' });
    const lasting = await subscribe(standIn, catalog.monthly, { code: 'LASTING' });
    await standIn.advance(93);
    expect(await totalsOf(once)).toEqual(['4900', '4900', '4900', '3675']);
    expect(await totalsOf(lasting)).toEqual(['4900', '4900', '3675', '3675']);
    const other = await startCheckout(standIn, catalog.monthly);
    expect(await standIn.pay(urlOf(other), GOOD_CARD, { code: 'NONE' })).toContain('not valid');
  });
});

describe('a trial', () => {
  const trialing = async (card = GOOD_CARD) => {
    const { monthly } = await createCatalog(standIn, { trial_period: { interval: 'day', frequency: 14 } });
    return subscribe(standIn, monthly, { card });
  };

  it('shows before it begins that nothing is due, and one sum of all items for its end', async () => {
    const trial = { trial_period: { interval: 'day', frequency: 14 } };
    const [plan, seat] = [await createCatalog(standIn, trial), await createCatalog(standIn, trial)];
    const begun = await startCheckout(standIn, plan.monthly, {
      items: [
        { price_id: plan.monthly, quantity: 1 },
        { price_id: seat.monthly, quantity: 2 },
      ],
    });
    const page = (await (await fetch(urlOf(begun))).text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    expect(page).toContain('Due now 0.00 USD After the trial of 14 days, before tax 147.00 USD Name');
    expect(page).toContain('Start the trial');
  });

  it('charges nothing until it ends, and the whole period then', async () => {
    const begun = await trialing();
    expect(begun).toMatchObject({ status: 'trialing', first_billed_at: null });
    expect(begun.items[0]?.trial_dates?.ends_at).toBe(begun.next_billed_at);
    await standIn.advance(15);
    expect(await standIn.subscription(begun.id)).toMatchObject({ status: 'active' });
    const totals = (await standIn.transactions(begun.id)).map(({ details }) => details.totals.grand_total);
    expect(totals).toEqual(['4900', '0']);
  });

  it('needs a card that works', async () => {
    const { monthly } = await createCatalog(standIn, { trial_period: { interval: 'day', frequency: 14 } });
    const begun = await startCheckout(standIn, monthly);
    expect(await standIn.pay(urlOf(begun), DECLINED_CARD)).toContain('declined');
    expect((await read(begun.id)).subscription_id).toBeNull();
  });

  it('ends in arrears when the card fails', async () => {
    const begun = await trialing(FAILING_LATER);
    await standIn.advance(15);
    expect((await standIn.subscription(begun.id)).status).toBe('past_due');
  });
});

describe('a refund', () => {
  const refund = (transaction: string, more: object = { type: 'full' }) =>
    standIn.call<Adjustment>('POST /adjustments', {
      action: 'refund',
      reason: 'asked',
      transaction_id: transaction,
      ...more,
    });

  it('waits for its approval, and gives no more back than was paid', async () => {
    const { id } = await subscribe(standIn, catalog.monthly, { country: 'DE' });
    const [paid] = await standIn.transactions(id);
    const item = paid?.details.line_items[0]?.id ?? '';
    const part = await refund(paid?.id ?? '', {
      items: [{ item_id: item, type: 'partial', amount: '1000' }],
    });
    expect(part).toMatchObject({ status: 201, data: { status: 'pending_approval' } });
    const { totals } = part.data;
    expect(sum([totals.subtotal, totals.tax])).toBe(1_000);
    expect(await refund(paid?.id ?? '')).toMatchObject({
      error: { code: 'adjustment_pending_refund_request' },
    });
    await standIn.control('clock', { advanceSeconds: 601 });
    const rest = await refund(paid?.id ?? '');
    expect(rest.data.totals.total).toBe('4831');
    await standIn.control('clock', { advanceSeconds: 601 });
    expect(await refund(paid?.id ?? '')).toMatchObject({ status: 400 });
    const listed = await standIn.data<Adjustment[]>(`GET /adjustments?transaction_id=${paid?.id}`);
    expect(listed.map(({ status }) => status)).toEqual(['approved', 'approved']);
  });

  it('is the only adjustment of a payment by card', async () => {
    const { id } = await subscribe(standIn, catalog.monthly);
    const [paid] = await standIn.transactions(id);
    const answer = await refund(paid?.id ?? '', { action: 'credit', type: 'full' });
    expect(answer).toMatchObject({ status: 400, error: { code: 'adjustment_invalid_credit_action' } });
  });
});

describe('pages', () => {
  it('show the account, the checkout, the portal and the invoices', async () => {
    const { id, customer_id: customer } = await subscribe(standIn, catalog.monthly);
    const [paid] = await standIn.transactions(id);
    const portal = await standIn.data<{ urls: { general: { overview: string } } }>(
      `POST /customers/${customer}/portal-sessions`,
      { subscription_ids: [id] },
    );
    const invoice = await standIn.data<{ url: string }>(`GET /transactions/${paid?.id}/invoice`);
    const pages = [standIn.server.url, portal.urls.general.overview, urlOf(paid as Transaction)];
    for (const page of pages) {
      const response = await fetch(page);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).toContain('<h1>');
    }
    const pdf = Buffer.from(await (await fetch(invoice.url)).arrayBuffer()).toString('latin1');
    expect(pdf).toContain('%PDF-1.4');
    expect(pdf).toContain(paid?.invoice_number ?? '-');
  });

  it('let a customer cancel, keep, and change the card', async () => {
    const { id, customer_id: customer } = await subscribe(standIn, catalog.monthly);
    const { urls } = await standIn.data<{ urls: { general: { overview: string } } }>(
      `POST /customers/${customer}/portal-sessions`,
      {},
    );
    const press = (action: string, form: Record<string, string> = {}) =>
      fetch(urls.general.overview, {
        method: 'POST',
        body: new URLSearchParams({ action, subscription: id, ...form }),
      });
    await press('cancel');
    expect((await standIn.subscription(id)).scheduled_change?.action).toBe('cancel');
    await press('keep');
    expect((await standIn.subscription(id)).scheduled_change).toBeNull();
    await press('card', { number: '5555555555554444', month: '1', year: '2098' });
    const cards = await standIn.data<{ id: string; card: { last4: string } }[]>(
      `GET /customers/${customer}/payment-methods`,
    );
    expect(cards.map(({ card }) => card.last4)).toEqual(['4444', '4242']);
    expect((await standIn.call(`DELETE /customers/${customer}/payment-methods/${cards[0]?.id}`)).status).toBe(
      204,
    );
    await standIn.control('clock', { advanceSeconds: 32 * DAY });
    expect((await standIn.subscription(id)).status).toBe('past_due');
  });
});
