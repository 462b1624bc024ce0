import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiResponse, createApiClient, type ReceivedMail, waitForMail } from './support/api-client.ts';
import { clickThrough } from './support/pages.ts';
import { api, mails } from './support/product.ts';

/** The stand-in of Stripe, six ports after the API. */
const stripe = new URL(api);
stripe.port = String(Number(stripe.port) + 6);

/** Saves on the page, and fails when it is charged. */
const FAILING_CARD = '4000000000000341';
const GOOD_CARD = '4242424242424242';
const MONTH = '2678400';
const WEEK = '604800';
const DAY = '86400';
const IN_TIME = { timeout: 60_000 };

const caller = createApiClient(api);
const email = `payer-${crypto.randomUUID().slice(0, 8)}@northwind.example`;
let tokens: { accessToken: string; refreshToken: string };

/** Asks the product; a token that states the former plan is exchanged, as every client does. */
async function ask(method: string, path: string, body?: unknown): Promise<ApiResponse> {
  const send = () =>
    caller.send(method, `/api/v1/${path}`, {
      token: tokens.accessToken,
      ...(body === undefined ? {} : { body }),
    });
  const answer = await send();
  if (answer.body.code !== 'auth.outdated_token') return answer;
  const { refreshToken } = tokens;
  const renewed = await caller.send('POST', '/api/v1/auth/refresh', { body: { refreshToken } });
  expect(renewed).toMatchObject({ status: 200 });
  tokens = renewed.body;
  return send();
}

/** What a person sees of their plan. */
async function state() {
  const { status, body } = await ask('GET', 'billing/subscription');
  expect(status).toBe(200);
  return [body.plan, body.subscription?.status ?? null];
}

/** Presses the buttons that move the clock of the stand-in, on its first page. */
async function pass(...steps: string[]) {
  for (const seconds of steps) await clickThrough(stripe.href, {}, { name: 'seconds', value: seconds });
}

async function subjects(): Promise<string[]> {
  const answer = await fetch(`${mails}/mails?to=${encodeURIComponent(email)}`);
  return (await answer.json<{ data: ReceivedMail[] }>()).data.map(({ subject }) => subject);
}

/** Another card, on the portal's page. */
async function useCard(number: string) {
  const portal = await ask('POST', 'billing/portal', {});
  await clickThrough(portal.body.url, { number }, { name: 'action', value: 'card' });
}

const setRetries = (afterRetries: string) =>
  fetch(new URL('/stand-in/settings', stripe), { method: 'POST', body: JSON.stringify({ afterRetries }) });

beforeAll(async () => {
  const body = { email, password: 'violet-harbour-42-kites', name: 'A Payer' };
  const made = await caller.send('POST', '/api/v1/auth/signup', { body });
  expect(made).toMatchObject({ status: 201 });
  tokens = made.body;
  const token = /#token=([\w.-]+)/.exec((await waitForMail(mails, email)).text)![1];
  await caller.send('POST', '/api/v1/auth/email/verify', { body: { token } });
});
afterAll(() => setRetries('cancel'));

describe('the running product, from free to paid to failed to cancelled', () => {
  it('is on the plan once its page was filled in', async () => {
    expect(await state()).toEqual(['free', null]);
    const started = await ask('POST', 'billing/checkout', { plan: 'pro', interval: 'monthly' });
    expect(started).toMatchObject({ status: 201, body: { trialDays: 14 } });
    await clickThrough(started.body.url, { number: GOOD_CARD, country: 'DE' });
    await expect.poll(state, IN_TIME).toEqual(['pro', 'trialing']);
  });

  it('changes the plan, pays for it, and shows the invoice with its PDF', async () => {
    const preview = await ask('POST', 'billing/subscription/preview', { plan: 'enterprise' });
    expect(preview).toMatchObject({ status: 200, body: { dueNow: { amountMicros: 593_810_000 } } });
    const changed = await ask('PATCH', 'billing/subscription', { plan: 'enterprise' });
    expect(changed).toMatchObject({ status: 200, body: { plan: 'enterprise', status: 'active' } });
    expect(await state()).toEqual(['enterprise', 'active']);
    const readLatest = async () => (await ask('GET', 'billing/invoices?status=paid')).body.data[0];
    await expect.poll(readLatest, IN_TIME).toMatchObject({ total: preview.body.dueNow });
    const { id } = await readLatest();
    const pdf = await fetch((await ask('GET', `billing/invoices/${id}`)).body.pdfUrl);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect((await pdf.text()).startsWith('%PDF')).toBe(true);
  });

  it('keeps the plan for a grace when a payment fails, and is restricted when the provider gives up', async () => {
    await setRetries('unpaid');
    await useCard(FAILING_CARD);
    await pass(MONTH, DAY);
    await expect.poll(state, IN_TIME).toEqual(['enterprise', 'past_due']);
    const { body } = await ask('GET', 'billing/subscription');
    expect(Date.parse(body.subscription.graceEndsAt)).toBeGreaterThan(Date.now());
    await expect.poll(subjects, IN_TIME).toContainEqual(expect.stringMatching(/^A payment of .* failed$/));
    await pass(WEEK, WEEK, WEEK);
    await expect.poll(state, IN_TIME).toEqual(['free', 'restricted']);
  });

  it('gets the plan back with a payment on the page of the invoice', async () => {
    await useCard(GOOD_CARD);
    const readOpen = async () => (await ask('GET', 'billing/invoices?status=open')).body.data[0];
    await expect.poll(readOpen, IN_TIME).toBeDefined();
    const { body: invoice } = await ask('GET', `billing/invoices/${(await readOpen()).id}`);
    expect(invoice).toMatchObject({ status: 'open', tax: { amountMicros: 94_810_000 } });
    await clickThrough(invoice.pageUrl, {});
    await expect.poll(state, IN_TIME).toEqual(['enterprise', 'active']);
    await expect
      .poll(subjects, IN_TIME)
      .toContainEqual(expect.stringMatching(/^The payment of .* was made$/));
  });

  it('is on the free plan when it cancels, and is informed', async () => {
    const ended = await ask('POST', 'billing/subscription/cancel', { at: 'now' });
    expect(ended).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await state()).toEqual(['free', 'cancelled']);
    await expect
      .poll(subjects, IN_TIME)
      .toContainEqual(expect.stringMatching(/^The subscription of .* has ended$/));
  });

  it('refuses a report that Stripe has not signed', async () => {
    const answer = await caller.send('POST', '/webhooks/stripe', {
      body: { id: 'evt_forged', object: 'event', type: 'x', created: 1, data: { object: {} } },
      headers: { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'billing.bad_signature' } });
  });
});
