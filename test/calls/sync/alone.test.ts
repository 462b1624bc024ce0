import { beforeEach, expect, it } from 'vitest';
import { warnEndingCalls } from '../../../src/rooms/lifecycle/warn-ending-calls.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  deliverAll,
  fetchCall,
  joinRoom,
  type OpenCall,
  openCall,
  renewToken,
  runReconciliation,
} from '../calls/support.ts';

let app: TestApp;
let host: Person;
let colleague: Person;
let call: OpenCall;

beforeEach(async () => {
  app = createTestApp();
  // The cluster reports times in whole seconds.
  app.clock.advanceSeconds(1 - (app.clock.now() % 1000) / 1000);
  host = await app.person();
  colleague = await app.person({ role: 'member', organizationId: host.organizationId });
  call = await openCall(app, host, { aloneTimeoutSeconds: 600, departureTimeoutSeconds: 86_400 });
  await connect(host);
});

async function connect({ userId }: Pick<Person, 'userId'>): Promise<void> {
  app.liveKit.cluster.join(call.callId, userId);
  await deliverAll(app);
}
async function leave({ userId }: Person): Promise<void> {
  app.liveKit.cluster.leave(call.callId, userId);
  await deliverAll(app);
}
async function advanceTime(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  [host, colleague] = [await renewToken(app, host), await renewToken(app, colleague)];
  await runReconciliation(app);
}
const statusOf = async () => {
  const { status, endReason } = await fetchCall(app, host, `/${call.callId}`);
  return [status, endReason];
};
const warnings = async () => {
  await warnEndingCalls(app.services);
  return app.liveRooms.appliedCommands.flatMap(({ command }) =>
    command.type === 'notice' && command.code === 'call.alone' ? [command.text] : [],
  );
};

it('a call in which one person is alone ends at the limit of its room, after a warning', async () => {
  await advanceTime(479);
  expect(await warnings()).toEqual([]);
  await advanceTime(31);
  expect(await warnings()).toEqual([expect.stringContaining('ends in 90 s')]);
  await advanceTime(80);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(10);
  expect(await statusOf()).toEqual(['ended', 'alone']);
  expect(app.liveKit.cluster.rooms.has(call.callId)).toBe(false);
});

it('the limit counts from the moment at which the last other participant left', async () => {
  await joinRoom(app, colleague, call.roomId);
  await connect(colleague);
  await advanceTime(3_600);
  expect(await statusOf()).toEqual(['active', null]);
  await leave(colleague);
  await advanceTime(599);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(1);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});

it('somebody who may still connect with their token is company, agents and observers are not', async () => {
  const key = await app.send('POST', '/api/v1/api-keys', {
    token: host.token,
    body: { name: 'Service', scopes: ['rooms:write'] },
  });
  for (const [identity, role] of [
    ['notes', 'agent'],
    ['recorder', 'observer'],
  ]) {
    const seat = await app.send('POST', `/api/v1/rooms/${call.roomId}/token`, {
      token: key.body.secret,
      body: { identity, role },
    });
    await connect({ userId: seat.body.identity });
  }
  await advanceTime(590);
  await joinRoom(app, colleague, call.roomId);
  await advanceTime(60);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(800);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});

it('reconnecting does not restart the limit', async () => {
  await advanceTime(300);
  await leave(host);
  app.clock.advanceSeconds(20);
  await connect(host);
  await advanceTime(280);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});

it('somebody who comes to a call that everybody had left has the whole time', async () => {
  await advanceTime(300);
  await leave(host);
  await advanceTime(1_000);
  await joinRoom(app, colleague, call.roomId);
  await connect(colleague);
  await advanceTime(599);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(1);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});

it('a changed limit counts for the running call, and a room has none by default', async () => {
  const room = await app.send('POST', '/api/v1/rooms', { token: host.token, body: { name: 'Room' } });
  expect(room.body.aloneTimeoutSeconds).toBeNull();
  const path = `/api/v1/rooms/${call.roomId}`;
  const change = async (aloneTimeoutSeconds: number | null) =>
    (await app.send('PATCH', path, { token: host.token, body: { aloneTimeoutSeconds } })).status;
  expect(await change(59)).toBe(400);
  expect(await change(null)).toBe(200);
  await advanceTime(1_000);
  expect(await statusOf()).toEqual(['active', null]);
  expect(await change(1_060)).toBe(200);
  await advanceTime(59);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(1);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});

it('nobody is alone in a room that is divided into groups, also if its limit is changed meanwhile', async () => {
  await joinRoom(app, colleague, call.roomId);
  await connect(colleague);
  const room = `/api/v1/rooms/${call.roomId}`;
  const groups = { rooms: [{ name: 'Group', identities: [colleague.userId] }], assignment: 'manual' };
  const opened = await app.send('POST', `${room}/breakouts`, { token: host.token, body: groups });
  expect(opened).toMatchObject({ status: 201 });
  await leave(colleague);
  await advanceTime(3_600);
  await app.send('PATCH', room, { token: host.token, body: { aloneTimeoutSeconds: 900 } });
  await advanceTime(3_600);
  expect(await statusOf()).toEqual(['active', null]);

  const recall = `${room}/breakouts/${opened.body.id}/recall`;
  expect(await app.send('POST', recall, { token: host.token })).toMatchObject({ status: 200 });
  await advanceTime(899);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(1);
  expect(await statusOf()).toEqual(['ended', 'alone']);
});
