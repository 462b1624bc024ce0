import { afterEach, expect, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type JsonBody, Host } from './support/host.ts';
import { endAllParticipants } from './support/participant.ts';
import { api } from './support/product.ts';

afterEach(endAllParticipants);

it('decisions of a host take effect at the media server', async (context) => {
  requireMediaServer(context);
  const host = await Host.signUp(api);
  const service = await host.createService();
  const room = await host.createRoom({ name: 'Weekly' });
  const participants = `/rooms/${room.id}/participants`;
  const ada = await Host.connect(await host.requestAdmission(room.id));
  const admission = await service.requestAdmission(room.id, 'ben');
  const ben = await Host.connect(admission);
  const [microphone, camera] = [await ben.publish('audio'), await ben.publish('video')];
  const waitForTone = (hertz: number) =>
    ada.waitUntil(({ tracks }) =>
      tracks.some((track) => track.kind === 'audio' && Math.abs(track.hertz - hertz) < 20),
    );
  await waitForTone(440);

  const tracksOfBen = async () => {
    const roster = await host.callApi(participants);
    expect(roster.missing).toEqual([]);
    return roster.data.find(({ identity }: JsonBody) => identity === 'ext_ben')?.media?.tracks;
  };
  const track = { trackSid: microphone, kind: 'audio', source: 'microphone', muted: false };
  expect(await tracksOfBen()).toEqual(
    expect.arrayContaining([track, expect.objectContaining({ trackSid: camera, source: 'camera' })]),
  );
  const participantPath = `${participants}/${admission.participantId}`;
  await host.callApi(`${participantPath}/mute`, 'POST', { trackSid: microphone });
  await waitForTone(0);
  expect(await tracksOfBen()).toContainEqual({ ...track, muted: true });

  await host.callApi(`/rooms/${room.id}/data`, 'POST', {
    topic: 'notice',
    payload: { text: 'Five minutes' },
  });
  await ben.waitUntil(({ data }) =>
    data.some(({ topic, text }) => topic === 'notice' && text.includes('Five')),
  );

  await host.callApi(participantPath, 'PATCH', { role: 'viewer' });
  await expect.poll(tracksOfBen).toEqual([]);

  await host.callApi(participantPath, 'DELETE');
  await ben.waitUntil(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  await expect(service.requestAdmission(room.id, 'ben')).rejects.toThrow('rooms.removed');
  // The token is still valid for minutes, and the media server does not ask the product.
  const again = await Host.connect(admission);
  await again.waitUntil(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  await ada.waitUntil(({ people }) => people.length === 0);

  await host.callApi(`/rooms/${room.id}/end`, 'POST', {});
  await ada.waitUntil(({ disconnected }) => disconnected === 'ROOM_DELETED');
});
