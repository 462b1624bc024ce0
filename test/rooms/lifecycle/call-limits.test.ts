import { beforeEach, describe, expect, it } from 'vitest';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { warnEndingCalls } from '../../../src/rooms/lifecycle/warn-ending-calls.ts';
import { deliverAll, fetchCall, openCall, renewToken } from '../../calls/calls/support.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createTestApp();
  // The cluster reports times in whole seconds.
  app.clock.advanceSeconds(1 - (app.clock.now() % 1000) / 1000);
  host = await app.person();
});

const changeRoom = async (roomId: string, body: object) => {
  const answer = await app.send('PATCH', `/api/v1/rooms/${roomId}`, { token: host.token, body });
  expect(answer).toMatchObject({ status: 200, body });
};
const advanceTime = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  host = await renewToken(app, host);
};
const statusOf = async (callId: string) => {
  await reconcileCalls(app.services);
  return (await fetchCall(app, host, `/${callId}`)).status;
};
/** The texts of the warnings that the room's participants have received. */
const warningsIn = async (roomId: string) => {
  await warnEndingCalls(app.services);
  return app.liveRooms.appliedCommands
    .filter((applied) => applied.roomId === roomId)
    .flatMap(({ command }) => (command.type === 'notice' ? [command.text] : []));
};

describe('a change of the room’s maximum duration', () => {
  const openConnectedCall = async (maxDurationSeconds: number | null) => {
    const call = await openCall(app, host, { maxDurationSeconds });
    app.liveKit.cluster.join(call.callId, host.userId);
    await deliverAll(app);
    return call;
  };

  it('moves the end of its running call, and the warning with it', async () => {
    const { roomId, callId } = await openConnectedCall(600);
    await advanceTime(590);
    expect(await warningsIn(roomId)).toEqual([expect.stringContaining('ends in 10 s')]);
    await changeRoom(roomId, { maxDurationSeconds: 1_200 });
    await advanceTime(550);
    expect(await statusOf(callId)).toBe('active');
    expect((await warningsIn(roomId)).at(-1)).toContain('ends in 60 s');
    await advanceTime(59);
    expect(await statusOf(callId)).toBe('active');
    await advanceTime(1);
    expect(await statusOf(callId)).toBe('ended');
  });

  it('can limit a call that had no limit, and lift the limit of one that had', async () => {
    const [unlimited, limited] = [await openConnectedCall(null), await openConnectedCall(600)];
    await changeRoom(unlimited.roomId, { maxDurationSeconds: 300 });
    await changeRoom(limited.roomId, { maxDurationSeconds: null });
    await advanceTime(299);
    expect(await statusOf(unlimited.callId)).toBe('active');
    await advanceTime(1);
    expect(await statusOf(unlimited.callId)).toBe('ended');
    await advanceTime(600);
    expect(await statusOf(limited.callId)).toBe('active');
  });

  it('is not missed by a call that begins at the same moment', async () => {
    const room = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Room' } });
    const { database } = app.services;
    const { commit } = database;
    // The room changes after the admission has read it and before the admission commits.
    database.commit = async (scope, build) => {
      database.commit = commit;
      await changeRoom(room.body.id, { maxDurationSeconds: 60 });
      return commit(scope, build);
    };
    const path = `/api/v1/rooms/${room.body.id}/token`;
    const { callId } = (await app.send('POST', path, { token: host.token, body: {} })).body;
    app.liveKit.cluster.join(callId, host.userId);
    await deliverAll(app);
    await advanceTime(60);
    expect(await statusOf(callId)).toBe('ended');
  });
});

it('a change of the room’s empty timeout moves when its waiting call fails', async () => {
  const { roomId, callId } = await openCall(app, host, { emptyTimeoutSeconds: 300 });
  await changeRoom(roomId, { emptyTimeoutSeconds: 600 });
  await advanceTime(599);
  expect(await statusOf(callId)).toBe('waiting');
  await advanceTime(1);
  expect(await statusOf(callId)).toBe('failed');
});

it('a change of another setting leaves the limits of the open call', async () => {
  const { roomId, callId } = await openCall(app, host, { emptyTimeoutSeconds: 300 });
  await changeRoom(roomId, { name: 'Renamed' });
  await advanceTime(299);
  expect(await statusOf(callId)).toBe('waiting');
  await advanceTime(1);
  expect(await statusOf(callId)).toBe('failed');
});
