import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';

import { sweepDialIns, sweepRulesOfClusters } from '../../../src/media/dial-ins/follow-dial-ins.ts';
import { dialIns } from '../../../src/media/dial-ins/dial-ins.tables.ts';
import { phoneNumbers } from '../../../src/media/phone-numbers/phone-numbers.tables.ts';
import { fetchUsage, periodAround } from '../../billing/usage/support.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakeCallIns } from '../../support/livekit/fake-call-ins.ts';
import { FakePhones } from '../../support/livekit/fake-phones.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';

const NUMBER = '+493012345678';
const app = createTestApp();
const { ports } = app.services;

let line: FakePhones;
let cluster: FakeCallIns;
let owner: Person;
let roomId: string;
let callId: string;

const send = (method: string, path: string, body?: unknown, token = owner.token) =>
  app.send(method, path, { token, ...(body === undefined ? {} : { body }) });
const path = () => `/api/v1/rooms/${roomId}/dial-in`;
const get = async () => (await send('GET', path())).body;
const rules = () => [...cluster.storedRules.values()];
const phoneCalls = async () => (await send('GET', `/api/v1/rooms/${roomId}/phone-calls`)).body.data;
const update = async (settings: object) => {
  const version = (await send('GET', `/api/v1/rooms/${roomId}`)).headers.get('etag')!;
  const { token } = owner;
  const answer = await app.send('PATCH', `/api/v1/rooms/${roomId}`, {
    token,
    body: settings,
    headers: { 'if-match': version },
  });
  expect(answer.status).toBe(200);
  await app.drain();
};
/** A room that telephones can call into: with a call, and a number. @returns its PIN */
async function open(): Promise<string> {
  const number = { name: 'Main line', number: NUMBER, allowedNetworks: ['192.0.2.7'] };
  expect((await send('POST', '/api/v1/phone-numbers', number)).status).toBe(201);
  const { pin } = (await send('PUT', path())).body;
  await app.drain();
  expect(await get()).toMatchObject({ state: 'open', reason: null, numbers: [NUMBER], pin });
  return pin;
}
/** Somebody calls in by the rule that there is. @returns their identity */
async function comeIn(digits = '0123456789012345'): Promise<string> {
  const identity = line.comesIn(rules()[0]!, digits);
  await reportClusterEvents(app);
  return identity;
}
const isInCall = (identity: string) =>
  app.liveKit.cluster.rooms.get(callId)?.participants.has(identity) ?? false;

beforeEach(async () => {
  await app.services.database.commit(systemScope, (q) => [q.delete(dialIns), q.delete(phoneNumbers)]);
  line = new FakePhones(app.liveKit.cluster);
  cluster = new FakeCallIns();
  ports.clusters = { ...ports.clusters, phones: () => line, callIns: () => cluster };
  app.liveKit.cluster.events.length = 0;
  owner = await app.person();
  const { organizationId } = owner;
  roomId = (await send('POST', '/api/v1/rooms', { name: 'Room' })).body.id;
  const [created] = await createCalls(app, [{ organizationId, roomId }]);
  callId = created!.callId;
});

describe('a dial-in', () => {
  it('lets callers into the running call by the trunk of the organization and its PIN', async () => {
    const pin = await open();
    expect(pin).toMatch(/^\d{10}$/);
    expect(rules()).toMatchObject([
      {
        organizationId: owner.organizationId,
        id: roomId,
        room: callId,
        pin,
        trunkIds: [[...cluster.storedNumbers.keys()][0]],
        attributes: { role: 'participant', kind: 'phone' },
      },
    ]);
  });

  it('has a caller in the ledger with a seat, as a telephone call that came in, until they hang up', async () => {
    await open();
    const identity = await comeIn();
    const [call] = await phoneCalls();
    expect(call).toMatchObject({
      direction: 'in',
      state: 'active',
      number: NUMBER,
      callerNumber: '…2345',
      name: 'Phone 2345',
      phoneTrunkId: null,
      phoneNumberId: expect.any(String),
    });
    expect((await send('GET', `/api/v1/rooms/${roomId}/participants`)).body.data).toMatchObject([
      { identity, name: 'Phone 2345', role: 'participant', kind: 'phone' },
    ]);
    app.clock.advanceSeconds(90);
    app.liveKit.cluster.leave(callId, identity, 'CLIENT_INITIATED');
    await reportClusterEvents(app);
    expect(await phoneCalls()).toMatchObject([{ state: 'ended', reason: 'hung_up' }]);
    const { data } = await fetchUsage(app, owner, `records?meter=phone_minutes&limit=9&${periodAround(app)}`);
    expect(data).toMatchObject([
      { dimensions: { direction: 'in', prefix: NUMBER, phone_call: call.id, room: roomId, call: callId } },
    ]);
    expect(data[0].quantity).toBeGreaterThan(80_000);
  });

  it.each([
    ['locked', { locked: true }, { locked: false }],
    ['lobby', { lobby: true }, { lobby: false }],
    ['waits_for_host', { waitForHost: true }, { waitForHost: false }],
    ['needs_consent', { recordingConsent: 'required' }, { recordingConsent: 'notice' }],
  ])('is closed while newcomers have to be let in or asked: %s', async (reason, settings, undone) => {
    await open();
    const before = await comeIn();
    await update(settings);
    expect(rules()).toEqual([]);
    expect(await get()).toMatchObject({ state: 'closed', reason });
    expect(isInCall(before)).toBe(true);
    await update(undone);
    expect(rules()).toHaveLength(1);
  });

  it('opens when the host comes for whom the room waits', async () => {
    await open();
    await update({ waitForHost: true });
    expect(rules()).toEqual([]);
    const { token } = owner;
    expect((await app.send('POST', `/api/v1/rooms/${roomId}/token`, { token, body: {} })).status).toBe(200);
    app.liveKit.cluster.join(callId, owner.userId);
    await reportClusterEvents(app);
    expect(rules()).toHaveLength(1);
  });

  it('is closed with its call, the room and the last number, and hangs up on callers whom an older rule let in', async () => {
    await open();
    const late = rules()[0]!;
    await update({ locked: true });
    cluster.storedRules.set(late.ref, late);
    const identity = await comeIn();
    expect(isInCall(identity)).toBe(false);
    expect(await phoneCalls()).toMatchObject([{ state: 'failed', reason: 'not_admitted', direction: 'in' }]);
    expect(await sweepRulesOfClusters(app.services)).toMatchObject([{ removed: 1, missing: 0 }]);
    await update({ locked: false });
    expect(rules()).toHaveLength(1);
    const { data } = (await send('GET', '/api/v1/phone-numbers')).body;
    expect((await send('DELETE', `/api/v1/phone-numbers/${data[0].id}`)).status).toBe(204);
    await app.drain();
    expect(rules()).toEqual([]);
    expect(cluster.storedNumbers.size).toBe(0);
    expect(await get()).toMatchObject({ state: 'closed', reason: 'no_number' });
  });

  it('keeps out a caller whom a moderator removed, until they are readmitted', async () => {
    await open();
    const identity = await comeIn();
    const [{ participantId }] = await phoneCalls();
    const at = `/api/v1/rooms/${roomId}/participants/${participantId}`;
    expect((await send('DELETE', at)).status).toBe(204);
    await app.drain();
    await reportClusterEvents(app);
    expect(isInCall(identity)).toBe(false);
    expect(await phoneCalls()).toMatchObject([{ state: 'ended', reason: 'removed' }]);
    await comeIn();
    expect(isInCall(identity)).toBe(false);
    await comeIn('9999999999999999');
    expect(isInCall('sip_9999999999999999')).toBe(true);
  });

  it('hangs up on callers beyond the capacity of the room, and says so', async () => {
    await open();
    await update({ capacity: 1 });
    await comeIn();
    const second = await comeIn('9999999999999999');
    expect(isInCall(second)).toBe(false);
    expect(await phoneCalls()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ state: 'active', reason: null }),
        expect.objectContaining({ state: 'failed', reason: 'room_full' }),
      ]),
    );
  });

  it('transfers a caller to numbers alone that the number allows which they called', async () => {
    await open();
    const identity = await comeIn();
    const [{ id, phoneNumberId }] = await phoneCalls();
    const transfer = () =>
      send('POST', `/api/v1/rooms/${roomId}/phone-calls/${id}/transfer`, { number: '+493011223344' });
    expect(await transfer()).toMatchObject({ body: { code: 'phone_calls.number_not_allowed' } });
    await send('PATCH', `/api/v1/phone-numbers/${phoneNumberId}`, { transferPrefixes: ['+49'] });
    await app.drain();
    expect(isInCall(identity)).toBe(true);
    expect(await transfer()).toMatchObject({ status: 200, body: { transfer: { state: 'requested' } } });
    await app.drain();
    expect(line.transferred).toEqual(['+493011223344']);
    expect(await phoneCalls()).toMatchObject([{ state: 'ending', reason: 'transferred' }]);
  });

  it('gives another PIN when it is rotated, and when it was switched off', async () => {
    const first = await open();
    const { pin: second } = (await send('POST', `${path()}/rotate-pin`)).body;
    await app.drain();
    expect(rules()).toMatchObject([{ pin: second }]);
    expect((await send('DELETE', path())).status).toBe(204);
    await app.drain();
    expect(rules()).toEqual([]);
    expect(await send('GET', path())).toMatchObject({ status: 404, body: { code: 'dial_ins.not_found' } });
    const { pin: third } = (await send('PUT', path())).body;
    expect(new Set([first, second, third]).size).toBe(3);
    const logs = JSON.stringify((await send('GET', '/api/v1/audit/logs?limit=100')).body);
    for (const pin of [first, second, third]) expect(logs).not.toContain(pin);
  });

  it('has one rule although the answer to its creation was lost, and gets back one that the cluster lost', async () => {
    await open();
    await update({ locked: true });
    cluster.fault = 'loses_answer';
    await update({ locked: false });
    expect(rules()).toHaveLength(1);
    cluster.fault = null;
    app.clock.advanceSeconds(20);
    await sweepDialIns(app.services);
    expect(rules()).toHaveLength(1);
    cluster.storedRules.clear();
    await sweepRulesOfClusters(app.services);
    expect(rules()).toHaveLength(1);
    expect(await get()).toMatchObject({ state: 'open' });
  });

  it('leaves what other installations have at the cluster alone', async () => {
    await open();
    const foreign = { ...rules()[0]!, ref: 'SDR_9', id: app.services.ids.create('room') };
    cluster.storedRules.set('SDR_9', { ...foreign, organizationId: app.services.ids.create('organization') });
    cluster.storedRules.set('SDR_8', { ...foreign, ref: 'SDR_8' });
    await sweepRulesOfClusters(app.services);
    expect(rules().map(({ ref }) => ref)).toEqual(expect.arrayContaining(['SDR_9']));
    expect(cluster.storedRules.has('SDR_8')).toBe(false);
  });
});
