import { afterEach, expect, inject, it } from 'vitest';
import { requireMediaServer } from '../support/livekit/server.ts';
import { type Body, Host } from './support/meeting.ts';
import { dismissAll } from './support/participants.ts';

const { api } = inject('product');

afterEach(dismissAll);

it('what a host decides is what the media server does', async (context) => {
  requireMediaServer(context);
  const host = await Host.signUp(api);
  const service = await host.service();
  const room = await host.room({ name: 'Weekly' });
  const participants = `/rooms/${room.id}/participants`;
  const ada = await Host.enter(await host.admission(room.id));
  const admission = await service.admission(room.id, 'ben');
  const ben = await Host.enter(admission);
  const [microphone, camera] = [await ben.publish('audio'), await ben.publish('video')];
  const heard = (hertz: number) =>
    ada.until(({ tracks }) =>
      tracks.some((track) => track.kind === 'audio' && Math.abs(track.hertz - hertz) < 20),
    );
  await heard(440);

  const tracksOfBen = async () => {
    const roster = await host.call(participants);
    expect(roster.missing).toEqual([]);
    return roster.data.find(({ identity }: Body) => identity === 'ext_ben')?.media?.tracks;
  };
  const track = { trackSid: microphone, kind: 'audio', source: 'microphone', muted: false };
  expect(await tracksOfBen()).toEqual(
    expect.arrayContaining([track, expect.objectContaining({ trackSid: camera, source: 'camera' })]),
  );
  const person = `${participants}/${admission.participantId}`;
  await host.call(`${person}/mute`, 'POST', { trackSid: microphone });
  await heard(0);
  expect(await tracksOfBen()).toContainEqual({ ...track, muted: true });

  await host.call(`/rooms/${room.id}/data`, 'POST', { topic: 'notice', payload: { text: 'Five minutes' } });
  await ben.until(({ data }) => data.some(({ topic, text }) => topic === 'notice' && text.includes('Five')));

  await host.call(person, 'PATCH', { role: 'viewer' });
  await expect.poll(tracksOfBen, { timeout: 5_000 }).toEqual([]);

  await host.call(person, 'DELETE');
  await ben.until(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  await expect(service.admission(room.id, 'ben')).rejects.toThrow('rooms.removed');
  // The token is good for minutes yet, and the media server asks nobody.
  const again = await Host.enter(admission);
  await again.until(({ disconnected }) => disconnected === 'PARTICIPANT_REMOVED');
  await ada.until(({ people }) => people.length === 0);

  await host.call(`/rooms/${room.id}/end`, 'POST', {});
  await ada.until(({ disconnected }) => disconnected === 'ROOM_DELETED');
}, 90_000);
