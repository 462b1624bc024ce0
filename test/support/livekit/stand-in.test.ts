import { AccessToken, WebhookReceiver } from 'livekit-server-sdk';
import { describe, expect, it } from 'vitest';
import { LiveKitStandIn } from './stand-in.ts';
import type { VideoGrants } from './twirp.ts';
import { planDeliveries, signWebhook } from './webhooks.ts';

const nowMs = Date.UTC(2026, 10, 22, 10, 0, 0);

async function tokenOf(standIn: LiveKitStandIn, grants: VideoGrants): Promise<string> {
  const token = new AccessToken(standIn.apiKey, standIn.apiSecret, { identity: 'test' });
  token.addGrant(grants);
  return token.toJwt();
}

async function listRooms(
  standIn: LiveKitStandIn,
  fetching: typeof fetch,
  { url = 'http://media.test', patienceMs = 10_000 } = {},
) {
  return fetching(`${url}/twirp/livekit.RoomService/ListRooms`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenOf(standIn, { roomList: true })}`,
    },
    body: '{}',
    signal: AbortSignal.timeout(patienceMs),
  });
}

describe('a request with `X-Behave`', () => {
  const standIn = new LiveKitStandIn();
  const send = (behaviour: string) => listRooms(standIn, standIn.withBehaviours(behaviour));

  it('is answered normally without it', async () => {
    expect(await (await listRooms(standIn, standIn.fetch)).json()).toEqual({ rooms: [] });
  });

  it('is answered with the status that it asks for', async () => {
    const refused = await send('status=500');
    expect(refused.status).toBe(500);
    expect(await refused.json()).toMatchObject({ code: 'internal' });
  });

  it('gets a broken connection, before the answer or in the middle of it', async () => {
    await expect(send('drop')).rejects.toThrow('fetch failed');
    const halved = await send('close-mid-body');
    await expect(halved.text()).rejects.toThrow();
  });

  it('gets no answer until it times out', async () => {
    const hasty = (behaviour: string) =>
      listRooms(standIn, standIn.withBehaviours(behaviour), { patienceMs: 100 });
    await expect(hasty('hang')).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(hasty('delay=60000')).rejects.toThrow();
  });

  it('is answered with a body that is not JSON', async () => {
    await expect((await send('garbage')).json()).rejects.toThrow(SyntaxError);
  });

  it('is rejected with an unknown behaviour', async () => {
    await expect(send('misfortune')).rejects.toThrow('no behaviour misfortune');
  });

  it('follows a sequence of behaviours, and is answered normally afterwards', async () => {
    const fetching = standIn.withBehaviours('status=503', 'drop');
    expect((await listRooms(standIn, fetching)).status).toBe(503);
    await expect(listRooms(standIn, fetching)).rejects.toThrow();
    expect((await listRooms(standIn, fetching)).status).toBe(200);
  });

  it('is treated the same over HTTP', async () => {
    const server = await standIn.listen();
    const over = (behaviour: string, patienceMs?: number) =>
      listRooms(
        standIn,
        (input, init) => {
          const request = new Request(input, init);
          request.headers.set('x-behave', behaviour);
          return fetch(request);
        },
        { url: server.url, ...(patienceMs ? { patienceMs } : {}) },
      );
    expect((await over('')).status).toBe(200);
    expect((await over('status=429')).status).toBe(429);
    await expect(over('drop')).rejects.toThrow('fetch failed');
    await expect((await over('close-mid-body')).text()).rejects.toThrow();
    await expect(over('hang', 100)).rejects.toMatchObject({ name: 'TimeoutError' });
    await server.close();
  });
});

describe('lists', () => {
  it('can be older than the truth', async () => {
    let now = nowMs;
    const standIn = new LiveKitStandIn({ now: () => now });
    standIn.cluster.join('call_a', 'usr_early');
    now += 30_000;
    standIn.cluster.leave('call_a', 'usr_early');
    standIn.cluster.join('call_a', 'usr_late');
    const there = async (behaviour: string) => {
      const response = await standIn.withBehaviours(behaviour)(
        'http://media.test/twirp/livekit.RoomService/ListParticipants',
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await tokenOf(standIn, { roomAdmin: true, room: 'call_a' })}`,
          },
          body: JSON.stringify({ room: 'call_a' }),
        },
      );
      const { participants } = await response.json<{ participants: { identity: string }[] }>();
      return participants.map(({ identity }) => identity);
    };
    expect(await there('')).toEqual(['usr_late']);
    expect(await there('stale-list=10000')).toEqual(['usr_early']);
    const rooms = await listRooms(standIn, standIn.withBehaviours('stale-list=31000'));
    expect(await rooms.json()).toEqual({ rooms: [] });
  });
});

describe('events', () => {
  const createEvents = () => {
    const { cluster } = new LiveKitStandIn({ now: () => nowMs });
    for (let index = 0; index < 100; index++) cluster.join('call_a', `usr_${index}`);
    return cluster.events;
  };

  it("have a signature that the vendor's library accepts", async () => {
    const standIn = new LiveKitStandIn();
    standIn.cluster.join('call_a', 'usr_a', { name: 'A' });
    for (const event of standIn.cluster.events) {
      const { headers, body } = await signWebhook(event, standIn);
      const receiver = new WebhookReceiver(standIn.apiKey, standIn.apiSecret);
      const read = await receiver.receive(body, headers.authorization);
      expect(read).toMatchObject({ event: event.event, id: event.id });
    }
  });

  it('are lost, duplicated and shuffled in the same way for the same seed', () => {
    const events = createEvents();
    const mishaps = { seed: 7, drop: 0.2, duplicate: 0.2, shuffle: true, delayMs: 50 };
    const plan = planDeliveries(events, mishaps);
    const ids = plan.map(({ event }) => event.id);
    expect(planDeliveries(createEvents(), mishaps).map(({ event }) => event.id)).toEqual(ids);
    const arrived = new Set(ids);
    expect(arrived.size).toBeGreaterThan(60);
    expect(arrived.size).toBeLessThan(95);
    expect(ids.length).toBeGreaterThan(arrived.size);
    expect(ids).not.toEqual(events.map(({ id }) => id).filter((id) => arrived.has(id)));
    expect(planDeliveries(events, { seed: 8 }).map(({ event }) => event)).toEqual(events);
  });
});
