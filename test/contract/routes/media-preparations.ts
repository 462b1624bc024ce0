import { expect } from 'vitest';
import { resourceFactories } from './resources.ts';
import { prepareRecording } from './room-preparations.ts';
import type { CallOptions, World } from './world.ts';

const CONFIG = '/api/v1/aic/config';
const SET = { mode: 'conservative', maxSendBps: null };

/** An organization whose config, or that of a room or a user of it, is set. */
async function prepareConfig(
  { app }: World,
  scope: 'organization' | 'roomId' | 'userId',
): Promise<CallOptions> {
  const person = await app.person();
  const id = scope === 'organization' ? '' : await resourceFactories[scope]!(app, person);
  const path = { organization: CONFIG, roomId: `${CONFIG}/rooms/${id}`, userId: `${CONFIG}/users/${id}` }[
    scope
  ];
  expect(await app.send('PUT', path, { token: person.token, body: SET })).toMatchObject({ status: 200 });
  return { token: person.token, params: scope === 'organization' ? {} : { [scope]: id } };
}

/** The token of a playback address. */
async function preparePlayback(world: World): Promise<CallOptions> {
  const { token, params } = await prepareRecording(world);
  const { roomId, recordingId } = params!;
  const path = `/api/v1/rooms/${roomId}/recordings/${recordingId}/playback`;
  const { body } = await world.app.send('POST', path, { token: token!, body: {} });
  return { body: { token: body.token } };
}

export const mediaPreparations = {
  createRecordingPlayback: prepareRecording,
  openPlayback: preparePlayback,
  listPlaybackMessages: preparePlayback,
  getPlaybackTranscript: preparePlayback,
  getCompressionConfig: (world: World) => prepareConfig(world, 'organization'),
  setCompressionConfig: (world: World) => prepareConfig(world, 'organization'),
  deleteCompressionConfig: (world: World) => prepareConfig(world, 'organization'),
  getRoomCompressionConfig: (world: World) => prepareConfig(world, 'roomId'),
  setRoomCompressionConfig: (world: World) => prepareConfig(world, 'roomId'),
  deleteRoomCompressionConfig: (world: World) => prepareConfig(world, 'roomId'),
  getUserCompressionConfig: (world: World) => prepareConfig(world, 'userId'),
  setUserCompressionConfig: (world: World) => prepareConfig(world, 'userId'),
  deleteUserCompressionConfig: (world: World) => prepareConfig(world, 'userId'),
};
