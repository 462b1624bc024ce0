import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalServer, listen } from '../../../workers/local/listen.ts';
import { createCatalog, createCustomer, DAY, startStandIn, type StandIn, subscribe } from './support.ts';

interface Received {
  body: string;
  signature: string;
}

/** A receiver of webhooks that answers with `status`. */
async function startReceiver() {
  const received: Received[] = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const signature = String(request.headers['paddle-signature']);
      received.push({ body: Buffer.concat(chunks).toString('utf8'), signature });
      response.writeHead(state.status).end();
    });
  });
  const local: LocalServer = await listen(server, 0);
  return { ...local, received, state };
}

let standIn: StandIn;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  standIn = await startStandIn();
  receiver = await startReceiver();
});
afterEach(async () => {
  await standIn.server.close();
  await receiver.close();
});

const settle = () => standIn.control('deliveries/settle', {});
const events = () =>
  receiver.received.map(({ body }) => JSON.parse(body) as { event_id: string; event_type: string });
const typesOf = () => events().map(({ event_type: type }) => type);
const register = (subscribed_events = ['*']) =>
  standIn.data<{ endpoint_secret_key: string }>('POST /notification-settings', {
    description: 'Test',
    destination: receiver.url,
    type: 'url',
    subscribed_events,
  });

/** The signature as its description says it, apart from the code of the stand-in. */
function isSigned({ body, signature }: Received, secret: string): boolean {
  const [, at = '', hash] = /^ts=(\d+);h1=([0-9a-f]{64})$/.exec(signature) ?? [];
  return createHmac('sha256', secret).update(`${at}:${body}`).digest('hex') === hash;
}
const secondsOf = ({ signature }: Received) => Number(/ts=(\d+)/.exec(signature)?.[1]);

describe('notifications', () => {
  it('are signed with the time of sending', async () => {
    const { endpoint_secret_key: secret } = await register();
    const { id } = await createCustomer(standIn);
    await settle();
    const [first] = receiver.received as [Received];
    expect(isSigned(first, secret)).toBe(true);
    expect(isSigned(first, 'pdl_ntfset_other')).toBe(false);
    expect(isSigned({ ...first, body: `${first.body} ` }, secret)).toBe(false);
    expect(Math.abs(secondsOf(first) - Date.now() / 1000)).toBeLessThan(60);
    expect(JSON.parse(first.body)).toMatchObject({
      event_id: expect.stringMatching(/^evt_[a-z0-9]{26}$/),
      event_type: 'customer.created',
      notification_id: expect.stringMatching(/^ntf_/),
      data: { id },
    });
  });

  it('have an old signature on request', async () => {
    await register();
    await standIn.control('deliveries', { oldSignature: true });
    await createCustomer(standIn);
    await settle();
    expect(Date.now() / 1000 - secondsOf(receiver.received[0] as Received)).toBeGreaterThan(590);
  });

  it('report each step in the life of a subscription', async () => {
    const { monthly } = await createCatalog(standIn);
    await register();
    const { id } = await subscribe(standIn, monthly);
    await settle();
    expect(typesOf()).toEqual(
      expect.arrayContaining([
        'transaction.ready',
        'transaction.paid',
        'transaction.completed',
        'subscription.created',
        'subscription.activated',
        'payment_method.saved',
      ]),
    );
    receiver.received.length = 0;
    await standIn.advance(32);
    await settle();
    expect(typesOf()).toEqual([
      'subscription.updated',
      'transaction.created',
      'transaction.billed',
      'transaction.paid',
      'transaction.completed',
    ]);
    receiver.received.length = 0;
    await standIn.data(`POST /subscriptions/${id}/cancel`, { effective_from: 'immediately' });
    await settle();
    expect(typesOf()).toEqual(['subscription.canceled']);
  });

  it('come for the types that were asked for', async () => {
    await register(['customer.updated']);
    const { id } = await createCustomer(standIn);
    await standIn.data(`PATCH /customers/${id}`, { name: 'Anna' });
    await settle();
    expect(typesOf()).toEqual(['customer.updated']);
  });

  it('are sent again for three days until they are taken, as the clock moves', async () => {
    await register();
    receiver.state.status = 500;
    await createCustomer(standIn);
    await settle();
    expect(receiver.received).toHaveLength(1);
    await standIn.control('clock', { advanceSeconds: 200 });
    await settle();
    expect(receiver.received.length).toBeGreaterThan(1);
    receiver.state.status = 200;
    await standIn.control('clock', { advanceSeconds: 3 * DAY });
    await settle();
    expect(new Set(events().map(({ event_id: id }) => id)).size).toBe(1);
    expect((await standIn.control('state')).waitingDeliveries).toBe(0);
  });

  it('are doubled, dropped and shuffled on request, and the list of events has them all in order', async () => {
    await register(['customer.created']);
    await standIn.control('deliveries', { duplicates: 1, drop: 0.2, shuffle: true, delayMs: 100, seed: 7 });
    const created = [];
    for (let index = 0; index < 30; index++) created.push((await createCustomer(standIn)).id);
    await settle();
    const ids = events().map((event) => (event as unknown as { data: { id: string } }).data.id);
    const distinct = new Set(ids);
    expect(ids).toHaveLength(distinct.size * 2);
    expect(distinct.size).toBeLessThan(30);
    expect(distinct.size).toBeGreaterThan(15);
    expect([...distinct]).not.toEqual(created.filter((id) => distinct.has(id)));
    const all = await standIn.data<{ data: { id: string } }[]>('GET /events?per_page=200');
    expect(all.map(({ data }) => data.id)).toEqual(created);
  });

  it('go to the address given at the start, once also after another start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paddle-'));
    const options = {
      file: join(folder, 'paddle.json'),
      webhook: { url: receiver.url, secret: 'pdl_ntfset_local' },
    };
    for (let start = 1; start <= 2; start++) {
      const other = await startStandIn(options);
      await createCustomer(other);
      await other.control('deliveries/settle', {});
      expect(await other.data<unknown[]>('GET /customers')).toHaveLength(start);
      await other.server.close();
      expect(receiver.received).toHaveLength(start);
    }
    expect(isSigned(receiver.received[0] as Received, 'pdl_ntfset_local')).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('go to this machine only', async () => {
    const answer = await standIn.call('POST /notification-settings', {
      description: 'Elsewhere',
      destination: 'https://elsewhere.example/',
      type: 'url',
      subscribed_events: ['*'],
    });
    expect(answer).toMatchObject({ status: 400, error: { errors: [{ field: 'destination' }] } });
  });

  it('report nothing that was undone', async () => {
    const { monthly, enterprise } = await createCatalog(standIn);
    const { id } = await subscribe(standIn, monthly);
    await register();
    await standIn.data(`PATCH /subscriptions/${id}/preview`, {
      items: [{ price_id: enterprise, quantity: 1 }],
      proration_billing_mode: 'prorated_immediately',
    });
    await settle();
    expect(typesOf()).toEqual([]);
  });
});
