import { afterEach, expect, it } from 'vitest';
import { requireRecorder } from '../support/livekit/recorder.ts';
import { sendMedia, storeFilm } from './support/film.ts';
import { Host, type JsonBody } from './support/host.ts';
import { endAllParticipants, type Participant } from './support/participant.ts';
import { api } from './support/product.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  endAllParticipants();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

/** A busy machine may take long until media flow. */
const WITHIN_MS = 45_000;

/** Sends media until the end of the test at most. */
function send(target: string, seconds: number): Promise<unknown> {
  const controller = new AbortController();
  cleanUps.push(() => controller.abort());
  return sendMedia(target, seconds, controller.signal);
}

/** A call with one participant, and the ingresses of its room. */
async function startCall() {
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom();
  const path = `/rooms/${room.id}/ingresses`;
  const find = (id: string): Promise<JsonBody> => host.callApi(`${path}/${id}`);
  return {
    host,
    path,
    room: room.id as string,
    ada: await Host.connect(await service.requestAdmission(room.id, 'ada')),
    create: async (body: object) => (await host.callApi(path, 'POST', body)).id as string,
    waitFor: (id: string, expected: object) =>
      expect.poll(() => find(id), { timeout: WITHIN_MS }).toMatchObject(expected),
  };
}

/** Waits until somebody hears the tone and sees pictures that move, both from the participant. */
async function waitForMedia(person: Participant, from: string): Promise<void> {
  const receive = async () => {
    const { tracks } = await person.getReceivedMedia();
    return tracks.filter((track) => track.from === from);
  };
  await expect
    .poll(receive, { timeout: WITHIN_MS })
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'audio', hertz: expect.closeTo(440, -2) }),
        expect.objectContaining({ kind: 'video', width: 320, height: 180 }),
      ]),
    );
}

it('a program sends by RTMP into the active call alone, is received there, and is cut off when the ingress is switched off', async (context) => {
  requireRecorder(context);
  const { host, path, room, ada, create, waitFor } = await startCall();
  const id = await create({ kind: 'rtmp', name: 'Stage camera' });
  await waitFor(id, { state: 'idle', reason: null, callId: expect.any(String) });
  const { url, streamKey } = await host.callApi(`${path}/${id}/address`);
  await expect(send(`${url}/not-the-key`, 5)).rejects.toThrow();

  const sender = send(`${url}/${streamKey}`, 120);
  const outcome = sender.then(
    () => 'sent all',
    () => 'cut off',
  );
  await waitFor(id, { state: 'active', reason: null, startedAt: expect.any(String), endedAt: null });
  await waitForMedia(ada, id);
  const { data } = await host.callApi(`/rooms/${room}/participants`);
  expect(data).toContainEqual(
    expect.objectContaining({ identity: id, name: 'Stage camera', role: 'agent', kind: 'service' }),
  );

  await host.callApi(`${path}/${id}`, 'PATCH', { enabled: false });
  expect(await outcome).toBe('cut off');
  await waitFor(id, { state: 'idle', reason: 'disabled', callId: null });
  await expect
    .poll(async () => (await ada.getReceivedMedia()).people, { timeout: WITHIN_MS })
    .not.toContain(id);
  await expect(send(`${url}/${streamKey}`, 5)).rejects.toThrow();
});

it('a program sends by WHIP, is received, and comes back with the same key', async (context) => {
  requireRecorder(context);
  const { host, path, ada, create, waitFor } = await startCall();
  const id = await create({ kind: 'whip', name: 'Browser' });
  await waitFor(id, { state: 'idle', reason: null });
  const { url, streamKey } = await host.callApi(`${path}/${id}/address`);
  await send(`${url}/${streamKey}`, 8);
  await waitFor(id, {
    state: 'idle',
    reason: null,
    startedAt: expect.any(String),
    endedAt: expect.any(String),
  });
  void send(`${url}/${streamKey}`, 120).catch(() => undefined);
  await waitFor(id, { state: 'active', endedAt: null });
  await waitForMedia(ada, id);
});

it('a URL is read once into the call and comes to its end; one whose reader dies has failed; one that is removed is gone', async (context) => {
  requireRecorder(context);
  const { host, room, ada, create, waitFor } = await startCall();
  const short = await create({ kind: 'url', name: 'Film', sourceUrl: await storeFilm('short.mp4', 8) });
  await waitForMedia(ada, short);
  await waitFor(short, { state: 'ended', reason: null, endedAt: expect.any(String) });

  const dying = await storeFilm('fault-publisher-dies/film.mp4', 30);
  await waitFor(await create({ kind: 'url', name: 'Broken', sourceUrl: dying }), {
    state: 'failed',
    reason: 'source_failed',
  });

  const long = await create({ kind: 'url', name: 'Long', sourceUrl: await storeFilm('long.mp4', 60) });
  await waitFor(long, { state: 'active' });
  const { participantId } = await host.waitForParticipant(room, 'Long');
  await host.callApi(`/rooms/${room}/participants/${participantId}`, 'DELETE');
  await waitFor(long, { state: 'idle', reason: 'removed' });
  await expect
    .poll(async () => (await ada.getReceivedMedia()).people, { timeout: WITHIN_MS })
    .not.toContain(long);
});
