import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
import type { MemoryDevice } from '../../support/memory-inboxes.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
let calleeDevice: MemoryDevice;
let callerDevice: MemoryDevice;
const { ring, answer, read, list, setStatus, updateSettings, addContact } = createRingClient(() => app);

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
  [calleeDevice, callerDevice] = [app.inboxes.attach(ben), app.inboxes.attach(ann)];
});

const countIncoming = () => calleeDevice.framesOf('ring.incoming').length;
const runOut = async (seconds = 30) => {
  app.clock.advanceSeconds(seconds);
  await app.inboxes.wake();
};
const colleague = () => app.person({ role: 'member', organizationId: ann.organizationId });

/** What the caller can tell of a ring, at its beginning and at its end: all but ids, names and the exact time. */
async function observeAsCaller(caller: Person, device: MemoryDevice, to: Person): Promise<unknown> {
  const before = device.frames.length;
  const rung = await ring(caller, to);
  const during = await read(caller, rung);
  await runOut();
  const after = await read(caller, rung);
  const neutral = ({ status, body }: TestResponse) => {
    const { id: _id, to: _to, roomId, createdAt, expiresAt, endedAt, ...rest } = body;
    const seconds = (Date.parse(expiresAt) - Date.parse(createdAt)) / 1000;
    const tookSeconds = endedAt && (Date.parse(endedAt) - Date.parse(createdAt)) / 1000;
    return { status, rest, hasRoom: roomId !== null, seconds, tookSeconds };
  };
  const frames = device.frames
    .slice(before)
    .map((frame) => [frame.type, 'reason' in frame ? frame.reason : null]);
  return { rung: neutral(rung), during: neutral(during), after: neutral(after), frames };
}

describe('who does not want to be disturbed', () => {
  beforeEach(() => setStatus(ben, 'dnd'));

  it('hears nothing; who may see their presence is told at once, and they have missed it', async () => {
    const rung = await ring(ann, ben);
    expect(rung.body).toMatchObject({ status: 'declined', unheard: null });
    expect(countIncoming()).toBe(0);
    expect(callerDevice.framesOf('ring.stopped')).toMatchObject([{ reason: 'declined' }]);
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([
      { because: 'do_not_disturb', ring: { from: { userId: ann.userId } } },
    ]);
    expect(await list(ben, '?missed=true')).toMatchObject([
      { id: rung.body.id, status: 'missed', missed: true, unheard: 'do_not_disturb' },
    ]);
  });

  it('looks to all others as if nobody answered', async () => {
    await updateSettings(ben, { visibility: 'nobody' });
    const rung = await ring(ann, ben);
    expect(rung.body.status).toBe('ringing');
    expect(countIncoming()).toBe(0);
    expect((await read(ben, rung)).body).toMatchObject({ status: 'missed', unheard: 'do_not_disturb' });
    await runOut();
    expect((await read(ann, rung)).body).toMatchObject({ status: 'missed', unheard: null });
    expect(calleeDevice.framesOf('ring.missed')).toHaveLength(1);
  });

  it('hears favourites, unless they set it otherwise', async () => {
    await addContact(ben, ann, { favourite: true });
    const rung = await ring(ann, ben);
    expect([rung.body.status, countIncoming()]).toEqual(['ringing', 1]);
    await answer(ben, rung, 'decline');
    await updateSettings(ben, { favouritesRingThrough: false });
    expect((await ring(ann, ben)).body.status).toBe('declined');
    expect(countIncoming()).toBe(1);
  });
});

describe('who screens unknown callers', () => {
  it('hears those in their address book, and finds a missed ring of the others', async () => {
    await updateSettings(ben, { screenUnknownCallers: true });
    const rung = await ring(ann, ben);
    expect([rung.body.status, countIncoming()]).toEqual(['ringing', 0]);
    await runOut();
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([{ because: 'screened' }]);
    expect(await list(ben, '?missed=true')).toMatchObject([{ status: 'missed', unheard: 'screened' }]);
    await addContact(ben, ann);
    await ring(ann, ben);
    expect(countIncoming()).toBe(1);
  });

  it('finds the missed ring also of a caller who gave up', async () => {
    await updateSettings(ben, { screenUnknownCallers: true });
    const rung = await ring(ann, ben);
    expect((await answer(ann, rung, 'cancel')).body.status).toBe('cancelled');
    expect(calleeDevice.framesOf('ring.missed')).toHaveLength(1);
    expect(calleeDevice.framesOf('ring.stopped')).toEqual([]);
  });

  it('does not accept what never rang', async () => {
    await updateSettings(ben, { screenUnknownCallers: true });
    const rung = await ring(ann, ben);
    expect(await answer(ben, rung, 'accept')).toMatchObject({ status: 409, body: { code: 'ringing.over' } });
  });
});

describe('who blocks somebody', () => {
  it('hears and sees nothing of them, in no list and by no id', async () => {
    await addContact(ben, ann, { blocked: true });
    const rung = await ring(ann, ben);
    await runOut();
    expect(calleeDevice.frames.map(({ type }) => type)).toEqual(['welcome']);
    expect(await list(ben)).toEqual([]);
    expect(await list(ben, '?missed=true')).toEqual([]);
    expect((await read(ben, rung)).status).toBe(404);
    for (const how of ['accept', 'decline', 'cancel'] as const)
      expect((await answer(ben, rung, how)).status).toBe(404);
  });

  it('is to them, to the last frame and second, somebody who does not answer', async () => {
    const carl = await colleague();
    const unanswered = await observeAsCaller(ann, callerDevice, carl);
    await addContact(ben, ann, { blocked: true });
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    // Nor does it show that they are busy, or not to be disturbed, or in their favour otherwise.
    await setStatus(ben, 'dnd');
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    await updateSettings(carl, { screenUnknownCallers: true });
    expect(await observeAsCaller(ann, callerDevice, carl)).toEqual(unanswered);
  });

  it('is not kept from others by their ring', async () => {
    await addContact(ben, ann, { blocked: true });
    await ring(ann, ben);
    const carl = await colleague();
    expect((await ring(carl, ben)).body.status).toBe('ringing');
    expect(countIncoming()).toBe(1);
  });

  it('may ring them while they ring in vain', async () => {
    await addContact(ben, ann, { blocked: true });
    await ring(ann, ben);
    expect((await ring(ben, ann)).body.status).toBe('ringing');
  });
});

describe('who is busy', () => {
  it('with another ring is not rung by a second one: the caller is told, they have missed it', async () => {
    const carl = await colleague();
    await ring(carl, ben);
    const rung = await ring(ann, ben);
    expect(rung.body).toMatchObject({ status: 'busy', unheard: null });
    expect(countIncoming()).toBe(1);
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([{ because: 'busy' }]);
    expect(callerDevice.framesOf('ring.stopped')).toMatchObject([{ reason: 'busy' }]);
    expect(await list(ben, '?missed=true')).toMatchObject([{ id: rung.body.id, unheard: 'busy' }]);
  });

  it('is rung by one of several who ring at once', async () => {
    const callers = await Promise.all(Array.from({ length: 4 }, colleague));
    const rings = await Promise.all(callers.map((caller) => ring(caller, ben)));
    const ends = rings.map(({ body }) => body.status as string).toSorted((a, b) => (a < b ? -1 : 1));
    expect(ends).toEqual(['busy', 'busy', 'busy', 'ringing']);
    expect(countIncoming()).toBe(1);
  });

  it('ringing somebody themselves is busy too', async () => {
    const carl = await colleague();
    await ring(ben, carl);
    expect((await ring(ann, ben)).body.status).toBe('busy');
  });

  it('is somebody who does not answer to those who may not see it', async () => {
    const [carl, dora] = [await colleague(), await colleague()];
    const unanswered = await observeAsCaller(ann, callerDevice, dora);
    await updateSettings(ben, { visibility: 'contacts' });
    await ring(carl, ben, { timeoutSeconds: 120 });
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([{ because: 'busy' }]);
  });

  it('is rung again when the other ring is over', async () => {
    const carl = await colleague();
    const first = await ring(carl, ben);
    await answer(ben, first, 'decline');
    expect((await ring(ann, ben)).body.status).toBe('ringing');
  });
});

it('who looks offline rings all the same, and betrays by nothing that they are there', async () => {
  const dora = await colleague();
  const unanswered = await observeAsCaller(ann, callerDevice, dora);
  await setStatus(ben, 'offline');
  expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
  expect(countIncoming()).toBe(1);
});

describe('the wall in the database', () => {
  it('shows a ring to its two people alone, and of who is blocked to the caller alone', async () => {
    await addContact(ben, ann, { blocked: true });
    await ring(ann, ben);
    const carl = await colleague();
    const { rings } = await import('../../../src/people/ringing/ringing.tables.ts');
    const { contacts } = await import('../../../src/people/contacts/contacts.tables.ts');
    const all = async ({ organizationId, userId }: Person) => {
      const [seen, entries] = await app.services.database.read(
        { role: 'app', organizationId, userId },
        (q) => [q.select().from(rings), q.select().from(contacts)],
      );
      return [seen.length, entries.length];
    };
    expect([await all(ann), await all(ben), await all(carl)]).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });
});
