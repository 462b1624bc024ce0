import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { createApiClient } from './support/api-client.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants, type Participant } from './support/participant.ts';
import { startProductBehindProxy } from './support/product-behind-proxy.ts';

/** `COST_CALLS=20` for a longer run. */
const CALLS = Number(process.env.COST_CALLS ?? 5);
/** Each person is a process with a media client of its own: so many at a time. */
const AT_A_TIME = 5;
const CALL_MS = 8_000;
const NANOS_PER_MINUTE = 400_000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  endAllParticipants();
  for (const close of closers.toReversed()) await close();
});

/** What the media server said about one connection, in milliseconds. */
interface ClusterConnection {
  call: string;
  joinedAtMs: number;
  leftAtMs?: number;
}

async function start() {
  const connections = new Map<string, ClusterConnection>();
  const { product, close } = await startProductBehindProxy(({ event, createdAt, room, participant }) => {
    if (event === 'participant_joined')
      connections.set(participant.sid, { call: room.name, joinedAtMs: Number(participant.joinedAtMs) });
    const known = connections.get(participant?.sid);
    if (event === 'participant_left' && known) known.leftAtMs = Number(createdAt) * 1000;
    return true;
  });
  closers.push(close);
  const { OPERATOR_TOKEN: operator } = JSON.parse(await readFile(join(product.dir, 'secrets.json'), 'utf8'));
  return { api: `http://127.0.0.1:${product.ports.api}`, operator: operator as string, connections };
}

async function storePrice(api: string, token: string): Promise<void> {
  const price = {
    meter: 'participant_minutes',
    unitPrice: '0.0004',
    unitQuantity: 60_000,
    startsAt: '2026-01-01T00:00:00Z',
    source: 'Test',
  };
  const answer = await createApiClient(api).send('POST', '/api/v1/operator/prices', {
    token,
    body: { prices: [price] },
  });
  expect(answer).toMatchObject({ status: 200, body: { created: [{ unitPrice: '0.0004' }] } });
}

interface FinishedCall {
  callId: string;
  sid: string;
  /** How long the person was connected by their own clock. */
  connectedMs: number;
}

/** Holds one call of one person. */
async function holdCall(service: Host, roomId: string, identity: string): Promise<FinishedCall> {
  const admission = await service.requestAdmission(roomId, identity);
  const person: Participant = await Host.connect(admission);
  const began = performance.now();
  await person.publish('audio');
  await sleep(CALL_MS);
  await person.leave();
  return { callId: admission.callId as string, sid: person.sid, connectedMs: performance.now() - began };
}

it('real calls cost what they lasted by the media server, within 1 %, and their lines sum to the totals', async (context) => {
  requireMediaServer(context);
  const { api, operator, connections } = await start();
  await storePrice(api, operator);
  const host = await Host.signUp(api);
  const service = await host.createService();
  const rooms: JsonBody[] = [];
  for (let room = 0; room < AT_A_TIME; room++)
    rooms.push(await host.createRoom({ departureTimeoutSeconds: 5 }));

  const calls: FinishedCall[] = [];
  for (let wave = 0; calls.length < CALLS; wave++) {
    calls.push(
      ...(await Promise.all(rooms.map((room, at) => holdCall(service, room.id, `person-${wave}-${at}`)))),
    );
    // Each room has a new call once the former one has ended.
    const countEnded = async () => (await host.callApi('/calls?status=ended&limit=100')).data.length;
    await expect.poll(countEnded, { interval: 2_000, timeout: 30_000 }).toBe(calls.length);
  }
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(CALLS);

  let totalMicros = 0;
  for (const { callId, sid, connectedMs } of calls) {
    const readCost = () => host.callApi(`/calls/${callId}/cost`);
    await expect.poll(async () => (await readCost()).final, { interval: 2_000, timeout: 30_000 }).toBe(true);
    const { charges, cost, unknownCount } = await readCost();
    const { call, joinedAtMs, leftAtMs = 0 } = connections.get(sid)!;
    const clusterMs = leftAtMs - joinedAtMs;
    const [{ quantity }] = charges;
    expect({ call, lines: charges.length, unknownCount }).toEqual({
      call: callId,
      lines: 1,
      unknownCount: 0,
    });
    expect(Math.abs(quantity - clusterMs) / clusterMs, `${quantity} ms of ${clusterMs}`).toBeLessThan(0.01);
    // The media server reports the end in whole seconds, so that by a clock of its own a short call differs by that much.
    expect(Math.abs(quantity - connectedMs)).toBeLessThan(2_000);
    expect(Math.abs(cost.amountMicros - (quantity * NANOS_PER_MINUTE) / 60_000 / 1_000)).toBeLessThanOrEqual(
      0.5,
    );
    totalMicros += cost.amountMicros;
  }
  const { total, groups } = await host.callApi('/costs/summary?by=call&limit=100');
  expect(groups).toHaveLength(CALLS);
  expect(total).toEqual({ cost: { amountMicros: totalMicros, currency: 'USD' }, unknownCount: 0 });
}, 300_000);
