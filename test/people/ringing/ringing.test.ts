import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepRings } from '../../../src/people/ringing/index.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { sortedStatuses } from '../../support/sign-in.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let ben: Person;
const { ring, answer, read, list, addContact } = createRingClient(() => app);

beforeAll(() => {
  app = createTestApp();
});

beforeEach(async () => {
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const wake = () => app.inboxes.wake();

describe('starting a ring', () => {
  it("rings on all devices of the callee, and is shown on the caller's", async () => {
    const [phone, laptop, own] = [app.inboxes.attach(ben), app.inboxes.attach(ben), app.inboxes.attach(ann)];
    const rung = await ring(ann, ben, { message: 'Two minutes?' });
    expect(rung).toMatchObject({
      status: 201,
      body: {
        status: 'ringing',
        direction: 'outgoing',
        missed: false,
        timeoutSeconds: 30,
        message: 'Two minutes?',
      },
    });
    expect(rung.headers.get('location')).toBe(`/api/v1/rings/${rung.body.id}`);
    for (const device of [phone, laptop])
      expect(device.framesOf('ring.incoming')).toMatchObject([
        {
          ring: {
            ringId: rung.body.id,
            direction: 'incoming',
            from: { userId: ann.userId, name: 'Test Person' },
            roomId: rung.body.roomId,
            message: 'Two minutes?',
            expiresAt: rung.body.expiresAt,
          },
        },
      ]);
    expect(own.framesOf('ring.outgoing')).toHaveLength(1);
    expect((await read(ben, rung)).body).toMatchObject({ direction: 'incoming', status: 'ringing' });
  });

  it('rings also on a device that connects later', async () => {
    const rung = await ring(ann, ben);
    expect(app.inboxes.attach(ben).framesOf('welcome')[0]!.rings).toMatchObject([{ ringId: rung.body.id }]);
  });

  it('accepts a contact of the caller, but neither an external contact nor one of another user', async () => {
    const contactId = await addContact(ann, ben);
    expect(await ring(ann, contactId)).toMatchObject({ status: 201, body: { to: { userId: ben.userId } } });
    const desk = await app.send('POST', '/api/v1/contacts', {
      token: ann.token,
      body: { external: { name: 'Desk', address: '+44' } },
    });
    expect(await ring(ann, desk.body.id)).toMatchObject({
      status: 422,
      body: { code: 'ringing.not_reachable' },
    });
    expect(await ring(ben, contactId)).toMatchObject({
      status: 404,
      body: { code: 'ringing.person_not_found' },
    });
  });

  it('gives the same answer for a user of another organization, a suspended member and an unknown id, and rejects the caller themselves', async () => {
    const outsider = await app.person();
    const members = `/api/v1/organizations/${ann.organizationId}/members`;
    const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
    const all = await app.send('GET', members, { token: ann.token });
    const { id } = all.body.data.find((each: { userId: string }) => each.userId === carl.userId);
    await app.send('PATCH', `${members}/${id}`, { token: ann.token, body: { status: 'suspended' } });
    for (const to of [
      outsider.userId,
      carl.userId,
      app.services.ids.create('user'),
      app.services.ids.create('contact'),
    ])
      expect(await ring(ann, to)).toMatchObject({ status: 404, body: { code: 'ringing.person_not_found' } });
    expect(await ring(ann, ann)).toMatchObject({ status: 422, body: { code: 'ringing.self' } });
  });

  it('is refused to API keys and guests', async () => {
    const body = { name: 'Calls', scopes: ['calls:write'] };
    const key = await app.send('POST', '/api/v1/api-keys', { token: ann.token, body });
    const byKey = await app.send('POST', '/api/v1/rings', {
      token: key.body.secret,
      body: { to: ben.userId },
    });
    expect(byKey).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const guest = await app.person({ role: 'guest', organizationId: ann.organizationId });
    expect((await ring(guest, ben)).status).toBe(403);
    const rung = await ring(ann, guest);
    expect((await answer(guest, rung, 'accept')).status).toBe(200);
  });

  it('creates one ring for a repeated idempotency key', async () => {
    const device = app.inboxes.attach(ben);
    const send = () =>
      app.send('POST', '/api/v1/rings', {
        token: ann.token,
        body: { to: ben.userId },
        headers: { 'idempotency-key': 'once' },
      });
    const [first, again] = [await send(), await send()];
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(device.framesOf('ring.incoming')).toHaveLength(1);
  });

  it('notifies both users again by its subscribers, and no device shows an event twice', async () => {
    const [phone, own] = [app.inboxes.attach(ben), app.inboxes.attach(ann)];
    app.inboxes.unreachable = true;
    const rung = await ring(ann, ben);
    app.inboxes.unreachable = false;
    expect(phone.framesOf('ring.incoming')).toEqual([]);
    await app.drain();
    expect(phone.framesOf('ring.incoming')).toHaveLength(1);
    await answer(ben, rung, 'accept');
    await app.drain();
    for (const device of [phone, own]) {
      expect(device.framesOf('ring.stopped')).toHaveLength(1);
      expect(device.framesOf('ring.incoming').length + device.framesOf('ring.outgoing').length).toBe(1);
    }
  });
});

describe('the room of a ring', () => {
  const roomOf = (person: Person, id: string) =>
    app.send('GET', `/api/v1/rooms/${id}`, { token: person.token });

  it('is the direct room of the two, the same for every ring, and hidden from others', async () => {
    const first = await ring(ann, ben);
    expect(await roomOf(ann, first.body.roomId)).toMatchObject({
      body: { type: 'one_to_one', capacity: 2, lobby: true },
    });
    await answer(ben, first, 'decline');
    const second = await ring(ben, ann);
    expect(second.body.roomId).toBe(first.body.roomId);
    await answer(ann, second, 'decline');
    const carl = await app.person({ role: 'member', organizationId: ann.organizationId });
    expect((await ring(carl, ben)).body.roomId).not.toBe(first.body.roomId);
    const join = (person: Person) =>
      app.send('POST', `/api/v1/rooms/${first.body.roomId}/token`, { token: person.token, body: {} });
    expect([await join(ann), await join(ben)].map((each) => [each.status, each.body.role])).toEqual([
      [200, 'host'],
      [200, 'host'],
    ]);
    expect(await join(carl)).toMatchObject({ status: 404, body: { code: 'rooms.not_found' } });
  });

  it('is a new one after the direct room was deleted', async () => {
    const first = await ring(ann, ben);
    await answer(ann, first, 'cancel');
    await app.send('DELETE', `/api/v1/rooms/${first.body.roomId}`, { token: ann.token });
    expect((await ring(ann, ben)).body.roomId).not.toBe(first.body.roomId);
  });

  it('uses the given room if the caller has access to it', async () => {
    const room = await app.send('POST', '/api/v1/rooms', { token: ann.token, body: { name: 'Standup' } });
    const roomId = room.body.id as string;
    const rung = await ring(ann, ben, { roomId });
    expect(rung).toMatchObject({ status: 201, body: { roomId } });
    await answer(ben, rung, 'decline');
    // The given room is not the direct room of the pair.
    const direct = await ring(ann, ben);
    expect(direct.body.roomId).not.toBe(roomId);
    await answer(ben, direct, 'decline');
    const outsider = await app.person();
    const foreign = await app.send('POST', '/api/v1/rooms', {
      token: outsider.token,
      body: { name: 'Theirs' },
    });
    expect(await ring(ann, ben, { roomId: foreign.body.id })).toMatchObject({
      status: 404,
      body: { code: 'rooms.not_found' },
    });
  });
});

describe('answering a ring', () => {
  it('stops all devices and names the one that answered', async () => {
    const [phone, laptop, own] = [app.inboxes.attach(ben), app.inboxes.attach(ben), app.inboxes.attach(ann)];
    const { connectionId } = phone.framesOf('welcome')[0]!;
    const rung = await ring(ann, ben);
    expect(await answer(ben, rung, 'accept', { connectionId })).toMatchObject({
      status: 200,
      body: { status: 'accepted', roomId: rung.body.roomId, endedAt: expect.any(String) },
    });
    const stopped = { reason: 'accepted', ringId: rung.body.id, roomId: rung.body.roomId };
    expect(phone.framesOf('ring.stopped')).toMatchObject([
      { ...stopped, direction: 'incoming', byThisDevice: true },
    ]);
    expect(laptop.framesOf('ring.stopped')).toMatchObject([{ ...stopped, byThisDevice: false }]);
    expect(own.framesOf('ring.stopped')).toMatchObject([
      { ...stopped, direction: 'outgoing', byThisDevice: false },
    ]);
    expect(app.inboxes.attach(ben).framesOf('welcome')[0]!.rings).toEqual([]);
  });

  it.each([
    ['accept', 'decline'],
    ['decline', 'accept'],
    ['accept', 'accept'],
  ] as const)('succeeds once when two devices %s and %s at the same time', async (one, other) => {
    const rung = await ring(ann, ben);
    const answers = await Promise.all([answer(ben, rung, one), answer(ben, rung, other)]);
    expect(sortedStatuses(answers)).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('ringing.over');
  });

  it('and cancelling it at the same time succeeds once, with the same result for both users', async () => {
    const rung = await ring(ann, ben);
    const answers = await Promise.all([answer(ben, rung, 'accept'), answer(ann, rung, 'cancel')]);
    expect(sortedStatuses(answers)).toEqual([200, 409]);
    const { status } = answers.find((each) => each.status === 200)!.body;
    expect([(await read(ann, rung)).body.status, (await read(ben, rung)).body.status]).toEqual([
      status,
      status,
    ]);
  });

  it('is refused with 409 once the ring has ended', async () => {
    const rung = await ring(ann, ben);
    expect((await answer(ann, rung, 'cancel')).status).toBe(200);
    for (const how of ['accept', 'decline'] as const)
      expect(await answer(ben, rung, how)).toMatchObject({ status: 409, body: { code: 'ringing.over' } });
    expect((await answer(ann, rung, 'cancel')).status).toBe(409);
  });

  it('is for the callee, cancelling for the caller, and neither for others', async () => {
    const rung = await ring(ann, ben);
    for (const [person, how] of [
      [ann, 'accept'],
      [ann, 'decline'],
      [ben, 'cancel'],
    ] as const)
      expect(await answer(person, rung, how)).toMatchObject({
        status: 403,
        body: { code: 'ringing.not_yours' },
      });
    const carl = await app.person({ organizationId: ann.organizationId });
    expect(await answer(carl, rung, 'accept')).toMatchObject({
      status: 404,
      body: { code: 'ringing.not_found' },
    });
    expect((await read(carl, rung)).status).toBe(404);
    expect(await list(carl)).toEqual([]);
  });

  it('repeats a lost response for the same idempotency key', async () => {
    const rung = await ring(ann, ben);
    const accept = () =>
      app.send('POST', `/api/v1/rings/${rung.body.id}/accept`, {
        token: ben.token,
        body: {},
        headers: { 'idempotency-key': 'once' },
      });
    const [first, again] = [await accept(), await accept()];
    expect(again).toMatchObject({ status: 200, body: first.body });
  });
});

describe('an unanswered ring', () => {
  it('expires by the inbox: it is missed for both users and cannot be answered', async () => {
    const [phone, own] = [app.inboxes.attach(ben), app.inboxes.attach(ann)];
    const rung = await ring(ann, ben, { timeoutSeconds: 5 });
    app.clock.advanceSeconds(4);
    await wake();
    expect(phone.framesOf('ring.stopped')).toEqual([]);
    app.clock.advanceSeconds(1);
    expect(await answer(ben, rung, 'accept')).toMatchObject({ status: 409, body: { code: 'ringing.over' } });
    await wake();
    for (const device of [phone, own])
      expect(device.framesOf('ring.stopped')).toMatchObject([{ reason: 'missed' }]);
    expect(await list(ben, '?missed=true')).toMatchObject([
      { id: rung.body.id, status: 'missed', missed: true },
    ]);
    expect(await list(ann)).toMatchObject([{ status: 'missed', missed: false }]);
  });

  it('is ended by the sweep, once, when the inbox missed its expiry', async () => {
    const phone = app.inboxes.attach(ben);
    await ring(ann, ben, { timeoutSeconds: 5 });
    app.clock.advanceSeconds(5);
    expect(await sweepRings(app.services)).toMatchObject({ failed: 0 });
    await wake();
    await sweepRings(app.services);
    await app.drain();
    expect(phone.framesOf('ring.stopped')).toMatchObject([{ reason: 'missed' }]);
  });

  it('does not expire after an answer', async () => {
    const rung = await ring(ann, ben, { timeoutSeconds: 5 });
    await answer(ben, rung, 'accept');
    app.clock.advanceSeconds(5);
    await wake();
    await sweepRings(app.services);
    expect((await read(ann, rung)).body.status).toBe('accepted');
  });

  it('is deleted after 90 days', async () => {
    const rung = await ring(ann, ben);
    await answer(ben, rung, 'decline');
    app.clock.advanceSeconds(91 * 86_400);
    await sweepRings(app.services);
    expect(await list(await withFreshToken(app, ann))).toEqual([]);
  });
});

describe('the limit of rings', () => {
  it('allows one ring at a time between two users, in either direction', async () => {
    const rung = await ring(ann, ben);
    expect(await ring(ann, ben)).toMatchObject({ status: 409, body: { code: 'ringing.already_ringing' } });
    expect(await ring(ben, ann)).toMatchObject({ status: 409, body: { code: 'ringing.crossed' } });
    await answer(ben, rung, 'accept');
    expect((await ring(ben, ann)).status).toBe(201);
  });

  it('allows one of several rings that are started at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => ring(ann, ben)));
    expect(sortedStatuses(answers)).toEqual([201, 409, 409, 409]);
  });

  it('is six in ten minutes, and says when to try again', async () => {
    for (let i = 0; i < 6; i++) {
      const rung = await ring(ann, ben);
      expect(rung.status).toBe(201);
      await answer(ben, rung, 'decline');
      app.clock.advanceSeconds(1);
    }
    const refused = await ring(ann, ben);
    expect(refused).toMatchObject({ status: 429, body: { code: 'ringing.too_many' } });
    expect(Number(refused.headers.get('retry-after'))).toBe(600 - 6);
    const carl = await app.person({ organizationId: ann.organizationId });
    expect((await ring(carl, ben)).status).toBe(201);
    app.clock.advanceSeconds(595);
    const [later, of] = [await withFreshToken(app, ann), await withFreshToken(app, ben)];
    await sweepRings(app.services);
    expect((await ring(later, of)).status).toBe(201);
  });

  it('a ring takes three round trips to start and two to answer', async () => {
    const before = app.roundTrips();
    const rung = await ring(ann, ben);
    expect(app.roundTrips() - before).toBe(3);
    await answer(ben, rung, 'accept');
    expect(app.roundTrips() - before).toBe(5);
    await list(ann);
    expect(app.roundTrips() - before).toBe(6);
  });
});
