import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderName } from '../../../src/billing/providers/index.ts';
import {
  createCustomer,
  ENTERPRISE,
  FAILING_CARD,
  NAMES,
  newKey,
  type ProviderWorld,
  read,
  startCheckout,
  startWorld,
  subscribe,
} from './worlds.ts';

const failure = (code: string) => expect.objectContaining({ code });

describe.each(NAMES)('faults of %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeEach(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterEach(() => world.close());

  const fail = (next: object[]) => world.control('faults', { next });
  /** Where changes of subscriptions are sent, apart from reads. */
  const paths = {
    stripe: {
      customers: '/v1/customers',
      checkout: '/v1/checkout',
      subscriptions: '/v1/subscriptions',
      change: 'POST',
    },
    paddle: {
      customers: '/customers',
      checkout: '/transactions',
      subscriptions: '/subscriptions',
      change: 'PATCH',
    },
  }[name];

  it('that pass are not noticed', async () => {
    const { id, customerId } = await subscribe(world);
    await fail([{ status: 503 }]);
    expect(await world.provider.readSubscription(id)).toBeDefined();
    await fail([{ status: 429 }, { drop: true }]);
    expect(await world.provider.listSubscriptions(customerId)).toHaveLength(1);
  });

  it('that last are `billing.provider_unavailable`, and then the breaker opens', async () => {
    const { id } = await subscribe(world);
    await fail(Array.from({ length: 50 }, () => ({ status: 503 })));
    await expect(world.provider.readSubscription(id)).rejects.toEqual(
      failure('billing.provider_unavailable'),
    );
    await expect(world.provider.readSubscription(id)).rejects.toThrow();
    const others = Array.from({ length: 5 }, () => world.provider.readSubscription(id));
    await Promise.allSettled(others);
    await expect(world.provider.readSubscription(id)).rejects.toEqual(failure('server.unavailable'));
    expect(world.provider.breakerState).toBe('open');
  });

  it('of a server that is gone are `billing.provider_unavailable`', async () => {
    const gone = world.adapter({ apiUrl: 'http://127.0.0.1:1' });
    await expect(gone.listSubscriptions('any')).rejects.toEqual(failure('billing.provider_unavailable'));
  });

  it('of a slow answer end with the time limit, and the request is made again', async () => {
    const { id } = await subscribe(world);
    const impatient = world.adapter({
      fetcher: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(150) }),
    });
    await fail([{ delayMs: 1_000 }]);
    expect(await impatient.readSubscription(id)).toBeDefined();
  });

  it('that lose the answer leave one customer and one checkout', async () => {
    await fail([{ loseAnswer: true, path: paths.customers }]);
    const organizationId = newKey();
    const id = await createCustomer(world, organizationId);
    expect(await createCustomer(world, organizationId)).toBe(id);
    const key = newKey();
    await fail([{ loseAnswer: true, path: paths.checkout }]);
    const checkout = await startCheckout(world, id, { key });
    expect(await startCheckout(world, id, { key })).toEqual(checkout);
    await world.pay(checkout.url);
    expect(await world.provider.listSubscriptions(id)).toHaveLength(1);
  });

  it('that lose the answers of a change charge it once', async () => {
    const { id, customerId } = await subscribe(world);
    await fail([{ loseAnswer: true, path: `${paths.subscriptions}/${id}`, method: paths.change }]);
    await world.provider.changePlan(id, { choice: ENTERPRISE, timing: 'now', key: newKey() });
    expect((await read(world, id)).choice).toEqual(ENTERPRISE);
    expect(await world.readPayments(customerId)).toHaveLength(2);
  });

  it('that break a change down delay it: the same change, also with the same key, is made once afterwards', async () => {
    const { id, customerId } = await subscribe(world);
    const change = { choice: ENTERPRISE, timing: 'now' as const, key: newKey() };
    const breakDown = (times: number) =>
      fail(Array.from({ length: times }, () => ({ status: 500, method: paths.change })));
    await breakDown(20);
    const failed = world.provider.changePlan(id, change);
    await expect(failed).rejects.toEqual(failure('billing.provider_unavailable'));
    await breakDown(0);
    await world.provider.changePlan(id, change);
    expect((await read(world, id)).choice).toEqual(ENTERPRISE);
    expect(await world.readPayments(customerId)).toHaveLength(2);
  });

  it('that break the first customer or a checkout down are over with the next request', async () => {
    await fail([{ status: 500, method: 'POST' }]);
    const id = await createCustomer(world);
    await fail([{ status: 500, method: 'POST' }]);
    await world.pay((await startCheckout(world, id)).url);
    expect(await world.provider.listSubscriptions(id)).toHaveLength(1);
  });

  it('that lose the answer of a step do it once', async () => {
    const { id, periodEndsAtMs } = await subscribe(world);
    const lose = () =>
      fail(
        ['POST', 'PATCH'].map((method) => ({
          loseAnswer: true,
          path: `${paths.subscriptions}/${id}`,
          method,
        })),
      );
    await lose();
    await world.provider.cancel(id, { at: 'period_end', key: newKey() });
    expect((await read(world, id)).cancelsAtMs).toBe(periodEndsAtMs);
    await lose();
    await world.provider.resume(id, { key: newKey() });
    expect((await read(world, id)).cancelsAtMs).toBeNull();
    await lose();
    await world.provider.pause(id, { resumesAtMs: null, key: newKey() });
    expect((await read(world, id)).status).toBe('paused');
    await lose();
    await world.provider.unpause(id, { key: newKey() });
    expect((await read(world, id)).status).toBe('active');
  });

  it('of a card leave the plan as it was', async () => {
    const { id } = await subscribe(world, { card: FAILING_CARD });
    const change = { choice: ENTERPRISE, timing: 'now' as const, key: newKey() };
    await expect(world.provider.changePlan(id, change)).rejects.toEqual(failure('billing.payment_failed'));
    expect(await read(world, id)).toMatchObject({ status: 'active', choice: { plan: 'pro' } });
  });

  it('of a wrong key are `billing.provider_unavailable`, not the fault of the caller', async () => {
    const other = world.adapter({
      fetcher: (url, init) =>
        fetch(url, { ...init, headers: { ...(init?.headers as object), authorization: 'Bearer wrong' } }),
    });
    await expect(other.listSubscriptions('any')).rejects.toEqual(failure('billing.provider_unavailable'));
  });
});

describe('too many charges of a subscription at Paddle', () => {
  it('are refused with what helps, and not repeated', async () => {
    const world = await startWorld('paddle');
    await world.provider.ensureCatalog();
    const { id } = await subscribe(world);
    let asked = 0;
    const fetcher: typeof fetch = (input, init) => {
      if (init?.method !== 'PATCH') return fetch(input, init);
      asked += 1;
      const error = { code: 'subscription_immediate_charge_hour_limit_exceeded' };
      return Promise.resolve(Response.json({ error }, { status: 429 }));
    };
    const change = { choice: ENTERPRISE, timing: 'now' as const, key: newKey() };
    await expect(world.adapter({ fetcher }).changePlan(id, change)).rejects.toMatchObject({
      code: 'billing.provider_refused',
      details: { detail: expect.stringContaining('buy several seats at once') },
    });
    expect(asked).toBe(1);
    await world.close();
  });
});
