import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ProviderName } from '../../../src/billing/providers/index.ts';
import { NAMES, type ProviderWorld, type Received, startWorld, subscribe } from './worlds.ts';

const BAD = expect.objectContaining({ code: 'billing.bad_signature' });

describe.each(NAMES)('webhooks of %s', (name: ProviderName) => {
  let world: ProviderWorld;
  beforeAll(async () => {
    world = await startWorld(name);
    await world.provider.ensureCatalog();
  });
  afterAll(() => world.close());

  async function receive(): Promise<Received[]> {
    await world.settle();
    return world.received.splice(0);
  }

  it('say which customer, subscription and invoice they are about', async () => {
    await receive();
    const { id, customerId } = await subscribe(world);
    const received = await receive();
    const events = await Promise.all(
      received.map(({ body, signature }) => world.provider.verifyWebhook(body, signature)),
    );
    const ofSubscription = events.filter(({ type }) => type.includes('subscription.created'));
    expect(ofSubscription).toMatchObject([{ customerId, subscriptionId: id }]);
    const paid = { stripe: 'invoice.paid', paddle: 'transaction.paid' }[name];
    expect(events.filter(({ type }) => type === paid)).toMatchObject([
      { customerId, invoiceId: expect.stringMatching(/^(in|txn)_/) },
    ]);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const { occurredAtMs } of events) expect(Math.abs(occurredAtMs - Date.now())).toBeLessThan(60_000);
  });

  it('are refused with another body, another secret, no signature, or a signature that is not one', async () => {
    await receive();
    await subscribe(world);
    const [first, second] = (await receive()) as [Received, Received];
    const { body, signature } = first;
    const verify = (other: Partial<Received>) =>
      world.provider.verifyWebhook(other.body ?? body, other.signature ?? signature);
    await expect(verify({})).resolves.toBeDefined();
    await expect(verify({ body: `${body} ` })).rejects.toEqual(BAD);
    await expect(verify({ body: second.body })).rejects.toEqual(BAD);
    await expect(verify({ signature: '' })).rejects.toEqual(BAD);
    await expect(verify({ signature: signature.replace(/[0-9a-f]{8}$/, '00000000') })).rejects.toEqual(BAD);
    await expect(verify({ signature: signature.replace(/=\d+/, '=1') })).rejects.toEqual(BAD);
    await expect(verify({ signature: 'ts=;h1=;t=,v1=' })).rejects.toEqual(BAD);
  });

  it('are taken while the clocks are less than five minutes apart, and refused later', async () => {
    await subscribe(world);
    const [{ body, signature }] = (await receive()) as [Received];
    const now = Date.now();
    try {
      for (const seconds of [-290, 290]) {
        vi.useFakeTimers({ now: now + seconds * 1_000, toFake: ['Date'] });
        await expect(world.provider.verifyWebhook(body, signature)).resolves.toBeDefined();
      }
      vi.setSystemTime(now + 310_000);
      await expect(world.provider.verifyWebhook(body, signature)).rejects.toEqual(BAD);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are refused when their signature is old', async () => {
    await receive();
    await world.control('deliveries', { oldSignature: true });
    await subscribe(world);
    const [old] = (await receive()) as [Received];
    await world.control('deliveries');
    await expect(world.provider.verifyWebhook(old.body, old.signature)).rejects.toEqual(BAD);
  });
});

describe('webhooks of paddle', () => {
  it('are taken with one good signature of two, as while a secret is being replaced', async () => {
    const world = await startWorld('paddle');
    await world.provider.ensureCatalog();
    await world.settle();
    const [{ body, signature }] = world.received as [Received];
    const [at, hash] = signature.split(';');
    const both = `${at};h1=${'0'.repeat(64)};${hash}`;
    await expect(world.provider.verifyWebhook(body, both)).resolves.toBeDefined();
    await world.close();
  });
});
