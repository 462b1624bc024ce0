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

/** Everything that the caller can observe of a ring from start to end, without ids, names and exact times. */
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

describe('a callee who has set do not disturb', () => {
  beforeEach(() => setStatus(ben, 'dnd'));

  it('is not rung: a caller who may see their presence gets declined at once, and they find a missed ring', async () => {
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

  it('looks to all other callers like one who does not answer', async () => {
    await updateSettings(ben, { visibility: 'nobody' });
    const rung = await ring(ann, ben);
    expect(rung.body.status).toBe('ringing');
    expect(countIncoming()).toBe(0);
    expect((await read(ben, rung)).body).toMatchObject({ status: 'missed', unheard: 'do_not_disturb' });
    await runOut();
    expect((await read(ann, rung)).body).toMatchObject({ status: 'missed', unheard: null });
    expect(calleeDevice.framesOf('ring.missed')).toHaveLength(1);
  });

  it('is rung by favourites, unless their settings say otherwise', async () => {
    await addContact(ben, ann, { favourite: true });
    const rung = await ring(ann, ben);
    expect([rung.body.status, countIncoming()]).toEqual(['ringing', 1]);
    await answer(ben, rung, 'decline');
    await updateSettings(ben, { favouritesRingThrough: false });
    expect((await ring(ann, ben)).body.status).toBe('declined');
    expect(countIncoming()).toBe(1);
  });
});

describe('a callee who screens unknown callers', () => {
  it('is rung by callers in their address book, and finds missed rings from others', async () => {
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

  it('finds a missed ring also from a caller who cancelled', async () => {
    await updateSettings(ben, { screenUnknownCallers: true });
    const rung = await ring(ann, ben);
    expect((await answer(ann, rung, 'cancel')).body.status).toBe('cancelled');
    expect(calleeDevice.framesOf('ring.missed')).toHaveLength(1);
    expect(calleeDevice.framesOf('ring.stopped')).toEqual([]);
  });

  it('cannot accept a silent ring', async () => {
    await updateSettings(ben, { screenUnknownCallers: true });
    const rung = await ring(ann, ben);
    expect(await answer(ben, rung, 'accept')).toMatchObject({ status: 409, body: { code: 'ringing.over' } });
  });
});

describe('a callee who blocks the caller', () => {
  it('is not rung, and finds the ring in no list and by no id', async () => {
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

  it('looks to the caller, in every frame and to the second, like one who does not answer', async () => {
    const carl = await colleague();
    const unanswered = await observeAsCaller(ann, callerDevice, carl);
    await addContact(ben, ann, { blocked: true });
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    // Nor does it show that the callee is busy, has set do not disturb, or has the caller as a favourite.
    await setStatus(ben, 'dnd');
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    await updateSettings(carl, { screenUnknownCallers: true });
    expect(await observeAsCaller(ann, callerDevice, carl)).toEqual(unanswered);
  });

  it('can be rung by others meanwhile', async () => {
    await addContact(ben, ann, { blocked: true });
    await ring(ann, ben);
    const carl = await colleague();
    expect((await ring(carl, ben)).body.status).toBe('ringing');
    expect(countIncoming()).toBe(1);
  });

  it('can ring the caller during the silent ring', async () => {
    await addContact(ben, ann, { blocked: true });
    await ring(ann, ben);
    expect((await ring(ben, ann)).body.status).toBe('ringing');
  });
});

describe('a busy callee', () => {
  it('is not rung by a second caller, who gets busy at once, and finds a missed ring', async () => {
    const carl = await colleague();
    await ring(carl, ben);
    const rung = await ring(ann, ben);
    expect(rung.body).toMatchObject({ status: 'busy', unheard: null });
    expect(countIncoming()).toBe(1);
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([{ because: 'busy' }]);
    expect(callerDevice.framesOf('ring.stopped')).toMatchObject([{ reason: 'busy' }]);
    expect(await list(ben, '?missed=true')).toMatchObject([{ id: rung.body.id, unheard: 'busy' }]);
  });

  it('is rung by one of several callers who ring at the same time', async () => {
    const callers = await Promise.all(Array.from({ length: 4 }, colleague));
    const rings = await Promise.all(callers.map((caller) => ring(caller, ben)));
    const ends = rings.map(({ body }) => body.status as string).toSorted((a, b) => (a < b ? -1 : 1));
    expect(ends).toEqual(['busy', 'busy', 'busy', 'ringing']);
    expect(countIncoming()).toBe(1);
  });

  it('is also one who is ringing another user', async () => {
    const carl = await colleague();
    await ring(ben, carl);
    expect((await ring(ann, ben)).body.status).toBe('busy');
  });

  it('looks to callers who may not see their presence like one who does not answer', async () => {
    const [carl, dora] = [await colleague(), await colleague()];
    const unanswered = await observeAsCaller(ann, callerDevice, dora);
    await updateSettings(ben, { visibility: 'contacts' });
    await ring(carl, ben, { timeoutSeconds: 120 });
    expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
    expect(calleeDevice.framesOf('ring.missed')).toMatchObject([{ because: 'busy' }]);
  });

  it('is rung again once the other ring has ended', async () => {
    const carl = await colleague();
    const first = await ring(carl, ben);
    await answer(ben, first, 'decline');
    expect((await ring(ann, ben)).body.status).toBe('ringing');
  });
});

it('a callee who chose to look offline is rung, and the caller sees the same as for an absent callee', async () => {
  const dora = await colleague();
  const unanswered = await observeAsCaller(ann, callerDevice, dora);
  await setStatus(ben, 'offline');
  expect(await observeAsCaller(ann, callerDevice, ben)).toEqual(unanswered);
  expect(countIncoming()).toBe(1);
});

describe('the tenant policy of rings', () => {
  it('shows a ring to its caller and callee only, and one from a blocked caller to the caller only', async () => {
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
