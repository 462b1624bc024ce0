import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { createApiClient } from './support/api-client.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants, type Participant, type Traffic } from './support/participant.ts';
import { startProductBehindProxy } from './support/product-behind-proxy.ts';

/** `COST_CALLS=20` for a longer run. */
const CALLS = Number(process.env.COST_CALLS ?? 4);
/** Each of the two people of a call is a process with a media client of its own: so many calls at a time. */
const AT_A_TIME = 4;
/** The first packets of a stream are lost while its receiver gets ready: they must be few of all. */
const CALL_MS = 20_000;
const MUTED_MS = 1_000;
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
  const { product, media, close } = await startProductBehindProxy(
    ({ event, createdAt, room, participant }) => {
      if (event === 'participant_joined')
        connections.set(participant.sid, { call: room.name, joinedAtMs: Number(participant.joinedAtMs) });
      const known = connections.get(participant?.sid);
      if (event === 'participant_left' && known) known.leftAtMs = Number(createdAt) * 1000;
      return true;
    },
    { logLevel: 'debug' },
  );
  closers.push(close);
  const { OPERATOR_TOKEN: operator } = JSON.parse(await readFile(join(product.dir, 'secrets.json'), 'utf8'));
  return { api: `http://127.0.0.1:${product.ports.api}`, operator: operator as string, connections, media };
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

const addTraffic = (one: Traffic, other: Traffic): Traffic => ({
  sentBytes: one.sentBytes + other.sentBytes,
  receivedBytes: one.receivedBytes + other.receivedBytes,
});
const noTraffic = (): Traffic => ({ sentBytes: 0, receivedBytes: 0 });

/**
 * The bytes of media packets that the media server counted of each stream of a call, as it logs them when the stream ends. Its
 * metrics count signalling as well, and name no call.
 */
function readClusterBytes(lines: readonly string[], callId: string): Traffic {
  const traffic = noTraffic();
  for (const line of lines) {
    if (!line.includes('rtp stats\t') || !line.includes(callId)) continue;
    const { direction, stats, statsRTX } = JSON.parse(line.slice(line.indexOf('{'))) as ClusterStream;
    const bytes = [stats, statsRTX].reduce(
      (sum, each) => sum + (each?.bytes ?? 0) + (each?.bytesDuplicate ?? 0) + (each?.bytesPadding ?? 0),
      0,
    );
    traffic[direction === 'upstream' ? 'sentBytes' : 'receivedBytes'] += bytes;
  }
  return traffic;
}
type ClusterBytes = Record<'bytes' | 'bytesDuplicate' | 'bytesPadding', number | undefined>;
interface ClusterStream {
  direction: 'upstream' | 'downstream';
  stats?: ClusterBytes;
  /** Bytes of packets that were sent again. */
  statsRTX?: ClusterBytes;
}

interface FinishedCall {
  callId: string;
  sids: string[];
  /** How long both were connected by their own clocks. */
  connectedMs: number;
  /** What both counted. */
  traffic: Traffic;
}

/** Somebody in a call, with how long they are there. */
async function enter(service: Host, roomId: string, identity: string) {
  const { callId, participantId, ...admission } = await service.requestAdmission(roomId, identity);
  const person: Participant = await Host.connect(admission);
  const began = performance.now();
  /** Leaves, and reports the bytes as a client does. @returns these, and for how long they were connected */
  const leave = async () => {
    const traffic = await person.leave();
    const connectedMs = performance.now() - began;
    const now = new Date().toISOString();
    const samples = [{ measuredAt: now, windowSeconds: 5, ...traffic, tracks: [] }];
    const batch = { callId, participantId, connection: person.sid, sequence: 0, sentAt: now, samples };
    await service.callApi('/quality/samples', 'POST', batch);
    return { connectedMs, traffic };
  };
  return { callId: callId as string, person, leave };
}

/** Holds one call of two people, of whom one sends sound and video to the other. */
async function holdCall(service: Host, roomId: string, names: readonly string[]): Promise<FinishedCall> {
  const [sender, receiver] = await Promise.all(names.map((name) => enter(service, roomId, name)));
  const tracks = [await sender!.person.publish('audio'), await sender!.person.publish('video')];
  await sleep(CALL_MS);
  // Nothing is forwarded any more, so that what is received does not grow between reading it and leaving.
  await Promise.all(tracks.map((sid) => sender!.person.mute(sid, true)));
  await sleep(MUTED_MS);
  const [one, other] = await Promise.all([sender!.leave(), receiver!.leave()]);
  return {
    callId: sender!.callId,
    sids: [sender!.person.sid, receiver!.person.sid],
    connectedMs: one.connectedMs + other.connectedMs,
    traffic: addTraffic(one.traffic, other.traffic),
  };
}

/** What a receiver loses on a busy machine is sent and never received: of a few calls beside other work it was a quarter. */
const LOST_SHARE = CALLS >= 20 ? 0.01 : 0.5;

const isWithin = (share: number, ours: number, theirs: number, what: string) =>
  expect(Math.abs(ours - theirs) / theirs, `${ours} ${what} of ${theirs}`).toBeLessThan(share);

it('real calls last, send and cost what the media server counts, and their lines sum to the totals', async (context) => {
  requireMediaServer(context);
  const { api, operator, connections, media } = await start();
  await storePrice(api, operator);
  const host = await Host.signUp(api);
  const service = await host.createService(['read', 'rooms:write', 'calls:write', 'usage:read']);
  const rooms: JsonBody[] = [];
  for (let room = 0; room < AT_A_TIME; room++)
    rooms.push(await host.createRoom({ departureTimeoutSeconds: 5 }));

  const calls: FinishedCall[] = [];
  for (let wave = 0; calls.length < CALLS; wave++) {
    calls.push(
      ...(await Promise.all(
        rooms.map((room, at) =>
          holdCall(service, room.id, [`sender-${wave}-${at}`, `receiver-${wave}-${at}`]),
        ),
      )),
    );
    // Each room has a new call once the former one has ended.
    const countEnded = async () => (await service.callApi('/calls?status=ended&limit=100')).data.length;
    await expect.poll(countEnded, { interval: 2_000, timeout: 60_000 }).toBe(calls.length);
  }
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(CALLS);

  const { data: ended } = await service.callApi('/calls?status=ended&limit=100');
  let totalMicros = 0;
  const [reported, counted] = [noTraffic(), noTraffic()];
  for (const { callId, sids, connectedMs, traffic } of calls) {
    const readCost = () => service.callApi(`/calls/${callId}/cost`);
    const { charges, cost, unknownCount } = await vi.waitFor(
      async () => {
        const found = await readCost();
        expect(found.final).toBe(true);
        return found;
      },
      { interval: 2_000, timeout: 60_000 },
    );
    const ofCluster = sids.map((sid) => connections.get(sid)!);
    const clusterMs = ofCluster.reduce((sum, { joinedAtMs, leftAtMs = 0 }) => sum + leftAtMs - joinedAtMs, 0);
    const [{ quantity }] = charges;
    expect({ calls: ofCluster.map(({ call }) => call), lines: charges.length, unknownCount }).toEqual({
      calls: [callId, callId],
      lines: 1,
      unknownCount: 0,
    });
    isWithin(0.01, quantity, clusterMs, 'ms');
    // The media server reports the end in whole seconds, so that by a clock of its own a short call differs by that much.
    expect(Math.abs(quantity - connectedMs)).toBeLessThan(4_000);
    expect(Math.abs(cost.amountMicros - (quantity * NANOS_PER_MINUTE) / 60_000 / 1_000)).toBeLessThanOrEqual(
      0.5 * sids.length,
    );
    totalMicros += cost.amountMicros;
    const { sentBytes, receivedBytes } = ended.find(({ id }: JsonBody) => id === callId);
    expect({ sentBytes, receivedBytes }).toEqual(traffic);
    reported.sentBytes += sentBytes;
    reported.receivedBytes += receivedBytes;
    const ofCall = readClusterBytes(media.lines, callId);
    counted.sentBytes += ofCall.sentBytes;
    counted.receivedBytes += ofCall.receivedBytes;
  }
  const { total, groups } = await service.callApi('/costs/summary?by=call&limit=100');
  expect(groups).toHaveLength(CALLS);
  expect(total).toEqual({ cost: { amountMicros: totalMicros, currency: 'USD' }, unknownCount: 0 });
  isWithin(0.01, reported.sentBytes, counted.sentBytes, 'bytes sent');
  isWithin(LOST_SHARE, reported.receivedBytes, counted.receivedBytes, 'bytes received');
}, 900_000);
