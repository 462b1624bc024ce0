import { beforeAll, beforeEach, expect, it } from 'vitest';
import { jobs } from '../../../workers/queues.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { TestDevice } from '../../support/inboxes.ts';
import { ringing } from './support.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let devices: TestDevice[];
let own: TestDevice;
const { ring, answer, read, list, addContact } = ringing(() => app);

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
  devices = [app.inboxes.attach(ben), app.inboxes.attach(ben)];
  own = app.inboxes.attach(ann);
});

const blocking = jobs.find(({ type }) => type === 'contact.blocked')!;
const setBlocked = (contactId: string, blocked: boolean) =>
  app.send('PATCH', `/api/v1/contacts/${contactId}`, { token: ben.token, body: { blocked } });
const byNewEntry = () => addContact(ben, ann, { blocked: true });
const byChange = async () => setBlocked(await addContact(ben, ann), true);
const stopped = (device: TestDevice) => device.of('ring.stopped');
const runOut = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  await app.inboxes.wake(app.services);
};

it.each([
  ['a new entry', byNewEntry],
  ['a change of one', byChange],
])(
  'blocking who rings, by %s, stops the ring on all devices, and nothing of it is left',
  async (_how, block) => {
    const rung = await ring(ann, ben, { timeoutSeconds: 120 });
    await block();
    await app.drain();
    for (const device of devices)
      expect(stopped(device)).toMatchObject([
        { ringId: rung.body.id, direction: 'incoming', reason: 'declined' },
      ]);
    expect(app.inboxes.attach(ben).of('welcome')[0]!.rings).toEqual([]);
    expect((await answer(ben, rung, 'accept')).status).toBe(404);
    expect(await list(ben)).toEqual([]);
    await runOut(120);
    await app.drain();
    expect(await list(ben, '?missed=true')).toEqual([]);
    for (const device of devices) expect(stopped(device)).toHaveLength(1);
  },
);

it('who rings learns nothing of it: their ring goes on, and nobody answers', async () => {
  const rung = await ring(ann, ben, { timeoutSeconds: 120 });
  const before = (await read(ann, rung)).body;
  await byNewEntry();
  await app.drain();
  expect((await read(ann, rung)).body).toEqual(before);
  expect(stopped(own)).toEqual([]);
  await runOut(119);
  expect(stopped(own)).toEqual([]);
  await runOut(1);
  expect((await read(ann, rung)).body).toMatchObject({ status: 'missed', endedAt: rung.body.expiresAt });
  expect(stopped(own)).toMatchObject([{ reason: 'missed' }]);
});

it('stops it also when the devices could not be told at first', async () => {
  await ring(ann, ben, { timeoutSeconds: 120 });
  await byNewEntry();
  app.inboxes.deaf = true;
  await app.drain();
  app.inboxes.deaf = false;
  app.clock.advanceSeconds(60);
  await app.drain();
  for (const device of devices) expect(stopped(device)).toHaveLength(1);
});

it('betrays no ring that never sounded, however often the block is taken back and set again', async () => {
  const contactId = await byNewEntry();
  await ring(ann, ben, { timeoutSeconds: 120 });
  for (const blocked of [false, true]) await setBlocked(contactId, blocked);
  await app.drain();
  for (const device of devices) expect(device.frames.map(({ type }) => type)).toEqual(['welcome']);
});

it('leaves alone the rings of others, of who blocks, and of who is no longer blocked', async () => {
  const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
  await ring(carl, ben);
  await byNewEntry();
  await app.drain();
  expect(stopped(devices[0]!)).toEqual([]);
  const dora = await app.person({ role: 'member', organizationId: ann.organizationId });
  const rung = await ring(ann, dora);
  const contactId = await addContact(dora, ann, { blocked: true });
  await app.send('DELETE', `/api/v1/contacts/${contactId}`, { token: dora.token });
  await app.drain();
  expect((await answer(dora, rung, 'accept')).status).toBe(200);
});

it('hushes a ring that begins in the moment of the block', async () => {
  const rung = await ring(ann, ben, { timeoutSeconds: 120 });
  // As if the block had taken its turn before the ring was stored.
  await byNewEntry();
  await app.drain(
    jobs
      .filter(({ type }) => type !== 'contact.blocked')
      .concat({ ...blocking, handle: async () => undefined }),
  );
  expect((await answer(ben, rung, 'accept')).status).toBe(404);
});
