import { beforeAll, beforeEach, expect, it } from 'vitest';
import { foldModules } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { MemoryDevice } from '../../support/memory-inboxes.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let calleeDevices: MemoryDevice[];
let callerDevice: MemoryDevice;
const { ring, answer, read, list, addContact } = createRingClient(() => app);

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
  calleeDevices = [app.inboxes.attach(ben), app.inboxes.attach(ben)];
  callerDevice = app.inboxes.attach(ann);
});

const subscriptions = foldModules(modules, 'subscriptions');
const setBlocked = (contactId: string, blocked: boolean) =>
  app.send('PATCH', `/api/v1/contacts/${contactId}`, { token: ben.token, body: { blocked } });
const blockByNewContact = () => addContact(ben, ann, { blocked: true });
const blockByUpdate = async () => setBlocked(await addContact(ben, ann), true);
const ringStops = (device: MemoryDevice) => device.framesOf('ring.stopped');
const elapse = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  await app.inboxes.wake();
};

it.each([
  ['creating a contact', blockByNewContact],
  ['updating a contact', blockByUpdate],
])(
  'blocking the caller by %s stops the ring on all devices and hides it from the callee',
  async (_how, block) => {
    const rung = await ring(ann, ben, { timeoutSeconds: 120 });
    await block();
    await app.drain();
    for (const device of calleeDevices)
      expect(ringStops(device)).toMatchObject([
        { ringId: rung.body.id, direction: 'incoming', reason: 'declined' },
      ]);
    expect(app.inboxes.attach(ben).framesOf('welcome')[0]!.rings).toEqual([]);
    expect((await answer(ben, rung, 'accept')).status).toBe(404);
    expect(await list(ben)).toEqual([]);
    await elapse(120);
    await app.drain();
    expect(await list(ben, '?missed=true')).toEqual([]);
    for (const device of calleeDevices) expect(ringStops(device)).toHaveLength(1);
  },
);

it('a caller who is blocked during a ring sees an unanswered ring', async () => {
  const rung = await ring(ann, ben, { timeoutSeconds: 120 });
  const before = (await read(ann, rung)).body;
  await blockByNewContact();
  await app.drain();
  expect((await read(ann, rung)).body).toEqual(before);
  expect(ringStops(callerDevice)).toEqual([]);
  await elapse(119);
  expect(ringStops(callerDevice)).toEqual([]);
  await elapse(1);
  expect((await read(ann, rung)).body).toMatchObject({ status: 'missed', endedAt: rung.body.expiresAt });
  expect(ringStops(callerDevice)).toMatchObject([{ reason: 'missed' }]);
});

it('a block stops the ring later when the inbox cannot be reached at first', async () => {
  await ring(ann, ben, { timeoutSeconds: 120 });
  await blockByNewContact();
  app.inboxes.unreachable = true;
  await app.drain();
  app.inboxes.unreachable = false;
  app.clock.advanceSeconds(60);
  await app.drain();
  for (const device of calleeDevices) expect(ringStops(device)).toHaveLength(1);
});

it('unblocking and blocking again does not reveal a silent ring', async () => {
  const contactId = await blockByNewContact();
  await ring(ann, ben, { timeoutSeconds: 120 });
  for (const blocked of [false, true]) await setBlocked(contactId, blocked);
  await app.drain();
  for (const device of calleeDevices) expect(device.frames.map(({ type }) => type)).toEqual(['welcome']);
});

it('a block does not stop rings of other callers, nor a ring whose caller was unblocked meanwhile', async () => {
  const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
  await ring(carl, ben);
  await blockByNewContact();
  await app.drain();
  expect(ringStops(calleeDevices[0]!)).toEqual([]);
  const dora = await app.person({ role: 'member', organizationId: ann.organizationId });
  const rung = await ring(ann, dora);
  const contactId = await addContact(dora, ann, { blocked: true });
  await app.send('DELETE', `/api/v1/contacts/${contactId}`, { token: dora.token });
  await app.drain();
  expect((await answer(dora, rung, 'accept')).status).toBe(200);
});

it('a ring that starts while the block is stored is silenced', async () => {
  const rung = await ring(ann, ben, { timeoutSeconds: 120 });
  // Leaves out the subscriber of the block, as if it had run before the ring was stored.
  await blockByNewContact();
  await app.drain(subscriptions.filter(({ name }) => name !== 'ringing.silence-blocked'));
  expect((await answer(ben, rung, 'accept')).status).toBe(404);
});

it('a caller who blocks their callee takes the ring back', async () => {
  const rung = await ring(ann, ben, { timeoutSeconds: 120 });
  await addContact(ann, ben, { blocked: true });
  await app.drain();
  expect((await answer(ben, rung, 'accept')).body.code).toBe('ringing.over');
  for (const device of [...calleeDevices, callerDevice])
    expect(ringStops(device)).toMatchObject([{ reason: 'cancelled' }]);
});
