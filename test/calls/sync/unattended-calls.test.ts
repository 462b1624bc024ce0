import { beforeEach, expect, it } from 'vitest';
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
let call: OpenCall;

/** Connects an observer or agent that a service brings. */
async function connectService(role: 'observer' | 'agent', roomId: string): Promise<string> {
  const key = await app.send('POST', '/api/v1/api-keys', {
    token: host.token,
    body: { name: 'Service', scopes: ['rooms:write'] },
  });
  const identity = role === 'agent' ? 'agt_notes' : 'recorder';
  const seat = await app.send('POST', `/api/v1/rooms/${roomId}/token`, {
    token: key.body.secret,
    body: { identity, role },
  });
  expect(seat).toMatchObject({ status: 200, body: { role } });
  app.liveKit.cluster.join(call.callId, seat.body.identity);
  return seat.body.identity;
}

async function advanceTime(seconds: number): Promise<void> {
  app.clock.advanceSeconds(seconds);
  host = await renewToken(app, host);
  await runReconciliation(app);
}

const statusOf = async () => {
  const { status, endReason } = await fetchCall(app, host, `/${call.callId}`);
  return [status, endReason];
};

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
  call = await openCall(app, host, { emptyTimeoutSeconds: 5 });
});

it.each(['observer', 'agent'] as const)(
  'a call in which only an %s is left ends after five minutes, at the cluster as well',
  async (role) => {
    const { cluster } = app.liveKit;
    cluster.join(call.callId, host.userId);
    await connectService(role, call.roomId);
    await deliverAll(app);
    await advanceTime(600);
    expect(await statusOf()).toEqual(['active', null]);
    cluster.leave(call.callId, host.userId);
    await deliverAll(app);
    await advanceTime(290);
    expect(await statusOf()).toEqual(['active', null]);
    await advanceTime(20);
    expect(await statusOf()).toEqual(['ended', 'empty']);
    expect(cluster.rooms.has(call.callId)).toBe(false);
    await deliverAll(app);
    const { participantSeconds } = await fetchCall(app, host, `/${call.callId}`);
    await advanceTime(3_600);
    expect((await fetchCall(app, host, `/${call.callId}`)).participantSeconds).toBe(participantSeconds);
  },
);

it('a participant who comes back in time, or holds a valid token, keeps the call open', async () => {
  const { cluster } = app.liveKit;
  cluster.join(call.callId, host.userId);
  await connectService('observer', call.roomId);
  await deliverAll(app);
  cluster.leave(call.callId, host.userId);
  await deliverAll(app);
  await advanceTime(280);
  await joinRoom(app, host, call.roomId);
  await advanceTime(60);
  expect(await statusOf()).toEqual(['active', null]);
  cluster.join(call.callId, host.userId);
  await deliverAll(app);
  await advanceTime(3_600);
  expect(await statusOf()).toEqual(['active', null]);
});

it('the empty timeout of the room counts where it is longer', async () => {
  const patched = await app.send('GET', `/api/v1/rooms/${call.roomId}`, { token: host.token });
  const changed = await app.send('PATCH', `/api/v1/rooms/${call.roomId}`, {
    token: host.token,
    headers: { 'if-match': patched.headers.get('etag')! },
    body: { emptyTimeoutSeconds: 1_000 },
  });
  expect(changed.status).toBe(200);
  await connectService('observer', call.roomId);
  await deliverAll(app);
  await advanceTime(900);
  expect(await statusOf()).toEqual(['active', null]);
  await advanceTime(300);
  expect(await statusOf()).toEqual(['ended', 'empty']);
});
