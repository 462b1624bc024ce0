import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createClusters, type MediaApi } from '../../src/calls/clusters/index.ts';
import { systemClock } from '../../src/kernel/core/index.ts';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { startProductBehindProxy } from './support/product-behind-proxy.ts';

const DOWN_MS = 35_000;
const REPAIRED_WITHIN_MS = 60_000;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  endAllParticipants();
  for (const close of closers.toReversed()) await close();
});

/** The product with a media server whose events it does not get while they are `down`. */
async function start() {
  const events = { down: false, refused: 0 };
  const { close, ...running } = await startProductBehindProxy(() => {
    if (events.down) events.refused++;
    return !events.down;
  });
  closers.push(close);
  return { ...running, events };
}

/** The connections in the calls by the cluster's own lists: sid, tracks, and start in seconds. */
async function listClusterConnections(api: MediaApi, calls: string[]): Promise<string[]> {
  const rooms = await api.listRooms(calls);
  const lists = await Promise.all(
    rooms.map(async ({ name }) => ({ name, list: await api.listParticipants(name) })),
  );
  return lists
    .flatMap(({ name, list }) =>
      list.map(
        ({ sid, joinedAtMs, tracks }) =>
          `${name} ${sid} ${Math.floor(joinedAtMs / 1000)} ${tracks.map((track) => track.sid).join()}`,
      ),
    )
    .toSorted();
}

/** The same by the ledger, from its history. */
async function listLedgerConnections(host: Host, calls: string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const call of calls) {
    const { data: entries } = await host.callApi(`/calls/${call}/timeline?limit=100`);
    const trackSidsOfType = (type: string) =>
      new Set(entries.filter((each: JsonBody) => each.type === type).map((each: JsonBody) => each.trackSid));
    const openTracks = entries.filter(
      ({ type, trackSid }: JsonBody) =>
        type === 'track.published' && !trackSidsOfType('track.unpublished').has(trackSid),
    );
    const { data: people } = await host.callApi(`/calls/${call}/participants?limit=100`);
    for (const { connections } of people)
      for (const { sid, joinedAt, leftAt } of connections)
        if (leftAt === null)
          lines.push(
            `${call} ${sid} ${Math.floor(Date.parse(joinedAt as string) / 1000)} ${openTracks
              .filter((each: JsonBody) => each.connectionSid === sid)
              .map((each: JsonBody) => each.trackSid)
              .join()}`,
          );
  }
  return lines.toSorted();
}

it('what happened during an outage of the webhook is known within 60 s after it ends', async (context) => {
  requireMediaServer(context);
  const { product, media, events } = await start();
  const api = `http://127.0.0.1:${product.ports.api}`;
  const host = await Host.signUp(api);
  const service = await host.createService();
  const cluster = { ...media, name: 'near', url: media.wsUrl, apiUrl: media.url, continents: [] };
  const lists = createClusters([cluster], systemClock).api('near');
  const joinRoom = async (roomId: string, identity: string) => {
    const admission = await service.requestAdmission(roomId, identity);
    const person = await Host.connect(admission);
    return { callId: admission.callId as string, person, joinedMs: Date.now() };
  };

  const lasting = await host.createRoom();
  const ending = await host.createRoom({ departureTimeoutSeconds: 5 });
  const ada = await joinRoom(lasting.id, 'ada');
  const ben = await joinRoom(lasting.id, 'ben');
  const camera = await ben.person.publish('video');
  const microphone = await ada.person.publish('audio');
  const cleo = await joinRoom(ending.id, 'cleo');
  const earlierCalls = [ada.callId, cleo.callId];
  const compareConnections = async () => {
    const [ledgerLines, clusterLines] = [
      await listLedgerConnections(host, earlierCalls),
      await listClusterConnections(lists, earlierCalls),
    ];
    const differing = [...ledgerLines, ...clusterLines].filter(
      (line) => !ledgerLines.includes(line) || !clusterLines.includes(line),
    );
    return { people: ledgerLines.length, differing };
  };
  await expect.poll(compareConnections, { interval: 3_000 }).toEqual({ people: 3, differing: [] });

  events.down = true;
  const outageStartedMs = Date.now();
  await ben.person.leave();
  const leftAt = Date.now();
  await cleo.person.leave();
  await ada.person.unpublish(microphone);
  const dora = await joinRoom(lasting.id, 'dora');
  await dora.person.publish('audio');
  const unseen = await host.createRoom();
  const emil = await joinRoom(unseen.id, 'emil');
  await emil.person.publish('video');
  await sleep(outageStartedMs + DOWN_MS - Date.now());
  expect(events.refused).toBeGreaterThan(5);

  events.down = false;
  const outageEndedMs = Date.now();
  const allCalls = [ada.callId, cleo.callId, emil.callId];
  const clusterConnections = await listClusterConnections(lists, allCalls);
  expect(clusterConnections).toHaveLength(3);
  const remainingMs = () => REPAIRED_WITHIN_MS - (Date.now() - outageEndedMs);
  const statuses = async () => {
    const { data } = await host.callApi('/calls');
    return allCalls.map((id) => data.find((each: JsonBody) => each.id === id)?.status as string);
  };
  // As often as the rate limit allows.
  await expect
    .poll(statuses, { timeout: remainingMs(), interval: 2_000 })
    .toEqual(['active', 'ended', 'active']);
  await expect
    .poll(() => listLedgerConnections(host, allCalls), { timeout: remainingMs(), interval: 6_000 })
    .toEqual(clusterConnections);
  await context.annotate(
    `equal to the cluster's lists ${Math.round((Date.now() - outageEndedMs) / 1000)} s after`,
  );

  // Each repaired fact names its source and its precision.
  const { data: people } = await host.callApi(`/calls/${ada.callId}/participants`);
  const [stay] = people.find(({ identity }: JsonBody) => identity === 'ext_ben').connections;
  expect(stay.left.how).not.toBe('event');
  const latest = Date.parse(stay.leftAt as string);
  expect(latest).toBeGreaterThanOrEqual(leftAt - 1_000);
  expect(latest - stay.left.uncertaintySeconds * 1_000).toBeLessThanOrEqual(leftAt + 1_000);
  const now = Date.now();
  const stays = now - ada.joinedMs + (leftAt - ben.joinedMs) + (now - dora.joinedMs);
  const { participantSeconds } = await host.callApi(`/calls/${ada.callId}`);
  expect(Math.abs(participantSeconds - stays / 1000)).toBeLessThan(stay.left.uncertaintySeconds + 4);
  expect((await host.callApi(`/calls/${ada.callId}/timeline?limit=100`)).data).toContainEqual(
    expect.objectContaining({ type: 'track.unpublished', trackSid: camera }),
  );
}, 240_000);
