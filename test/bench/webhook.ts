import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { neon, neonConfig } from '@neondatabase/serverless';
import { signWebhook, type SignedWebhook } from '../support/livekit/webhooks.ts';
import type { ClusterEvent } from '../support/livekit/shapes.ts';
import { readCpuMs } from './kit/processes.ts';
import { liftLimits, MEDIA_SETTINGS, type BenchProduct, serveProduct } from './kit/product.ts';
import { median, type BenchRow } from './kit/report.ts';

const ROUNDS = 3;
const EVENTS = 2_000;
const CALLS = 50;
/** Concurrent deliveries: a cluster has one for each resource with events. */
const SENDERS = 64;
/** Addresses: each node of a cluster has its own. */
const NODES = 16;
const RETRY_AFTER_MS = 50;
const TARGET = 500;

const KEYS = { apiKey: MEDIA_SETTINGS.LIVEKIT_API_KEY, apiSecret: MEDIA_SETTINGS.LIVEKIT_API_SECRET };

async function openCalls(product: BenchProduct): Promise<string[]> {
  const { token, organizationId } = await product.signUp();
  await liftLimits(product, organizationId);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const post = async <T>(path: string, body: unknown) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${product.url}${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response.json<T>();
  };
  const callIds: string[] = [];
  while (callIds.length < CALLS) {
    const { id } = await post<{ id: string }>('/api/v1/rooms', { name: 'Bench' });
    callIds.push((await post<{ callId: string }>(`/api/v1/rooms/${id}/token`, {})).callId);
  }
  return callIds;
}

/** Signed in advance, because signing is the cluster's cost. */
function createSignedEvents(callIds: readonly string[]): Promise<SignedWebhook[]> {
  const series = randomUUID().slice(0, 8);
  const createdAt = String(Math.floor(Date.now() / 1000));
  const joinedAtMs = String(Date.now());
  return Promise.all(
    Array.from({ length: EVENTS }, (_, i) => {
      const event: ClusterEvent = {
        event: 'participant_joined',
        id: `EV_${series}${i}`,
        createdAt,
        room: { sid: 'RM_bench', name: callIds[i % callIds.length]!, creationTime: createdAt },
        participant: { sid: `PA_${series}${i}`, identity: `ext_${i % 40}`, state: 'ACTIVE', joinedAtMs },
      };
      return signWebhook(event, KEYS);
    }),
  );
}

const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

/** The status of the answer; 0 when there is none. */
const postEvent = (url: string, { headers, body }: SignedWebhook, node: number): Promise<number> =>
  new Promise((resolve) => {
    const address = { 'cf-connecting-ip': `198.51.100.${node}` };
    const sent = request(
      `${url}/webhooks/livekit`,
      {
        method: 'POST',
        agent,
        headers: { ...headers, ...address, 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', () => resolve(0));
      },
    );
    sent.once('error', () => resolve(0));
    sent.end(body);
  });

interface DeliveryStats {
  perSecond: number;
  /** Answers without success; the event is sent again. */
  repeated: number;
  /** Answers after which a cluster does not repeat the event: it is lost. */
  refused: number;
}

/** Sends all events, and repeats those that were not accepted. */
async function deliverEvents(url: string, all: readonly SignedWebhook[], onSent: (count: number) => void) {
  const remaining = all.entries();
  const delivered: DeliveryStats = { perSecond: 0, repeated: 0, refused: 0 };
  let acceptedCount = 0;
  const sender = async () => {
    for (const [i, signed] of remaining) {
      for (;;) {
        const status = await postEvent(url, signed, i % NODES);
        if (status >= 200 && status < 300) break;
        if (status >= 400 && status < 500) delivered.refused++;
        delivered.repeated++;
        await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
      }
      onSent(++acceptedCount);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: SENDERS }, sender));
  delivered.perSecond = (all.length * 1000) / (performance.now() - startedAt);
  return delivered;
}

/** How many events the database has stored. */
async function countStoredEvents({ database }: BenchProduct): Promise<number> {
  neonConfig.fetchEndpoint = `${database.url}/sql`;
  const [row] = await neon(database.connectionString).query('select count(*)::int as n from livekit_events');
  return (row as { n: number }).n;
}

/** Cluster events that are stored in a second, and whether any is lost when the Worker is killed meanwhile. */
export async function benchWebhook(): Promise<BenchRow[]> {
  const product = await serveProduct();
  try {
    const callIds = await openCalls(product);
    await deliverEvents(product.url, await createSignedEvents(callIds), () => undefined);
    const rates: number[] = [];
    const usedMs = readCpuMs(product.pid);
    for (let round = 0; round < ROUNDS; round++) {
      const { perSecond, refused } = await deliverEvents(
        product.url,
        await createSignedEvents(callIds),
        () => undefined,
      );
      if (refused > 0) throw new Error(`${refused} events were refused`);
      rates.push(perSecond);
    }
    const msEach = (readCpuMs(product.pid) - usedMs) / (ROUNDS * EVENTS);
    const before = await countStoredEvents(product);
    let restart: Promise<void> | undefined;
    const killed = await deliverEvents(product.url, await createSignedEvents(callIds), (count) => {
      if (count === EVENTS / 2) restart = product.restart();
    });
    await restart;
    const lost = EVENTS - ((await countStoredEvents(product)) - before);
    const perSecond = median(rates);
    return [
      {
        what: 'events of a media cluster stored a second',
        measured: `${perSecond.toFixed(0)} (${msEach.toFixed(2)} ms of one core each)`,
        target: `≥ ${TARGET}`,
        holds: perSecond >= TARGET,
        figures: { perSecond: rates, msEach },
        recorded: { name: 'webhook-ms', value: msEach },
      },
      {
        what: `of ${EVENTS} events lost while the Worker is killed in the middle`,
        measured: `${lost} (${killed.repeated} sent again, ${killed.refused} refused)`,
        target: '0',
        holds: lost === 0 && killed.refused === 0 && killed.repeated > 0,
        figures: { lost, repeated: killed.repeated, refused: killed.refused, perSecond: killed.perSecond },
      },
    ];
  } finally {
    await product.stop();
  }
}
