import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
import { createRingClient } from './ring-client.ts';

let app: TestApp;
let ann: Person;
let cem: Person;
let roomId: string;
const { ring, answer } = createRingClient(() => app);

beforeEach(async () => {
  app = createTestApp();
  ann = await app.person();
  const member = { role: 'member', organizationId: ann.organizationId } as const;
  const ben = await app.person(member);
  cem = await app.person(member);
  const rung = await ring(ann, ben);
  roomId = rung.body.roomId;
  await answer(ann, rung, 'cancel');
});

const enter = (person: Person) =>
  app.send('POST', `/api/v1/rooms/${roomId}/token`, { token: person.token, body: {} });
const ringIntoRoom = async (): Promise<TestResponse> => {
  const rung = await ring(ann, cem, { roomId });
  expect(rung.status).toBe(201);
  return rung;
};

it('a private room is closed to people from outside without a ring', async () => {
  expect((await enter(cem)).status).toBe(404);
});

it.each(['ringing', 'accepted'])('a ring that is %s lets its callee into a private room', async (status) => {
  const rung = await ringIntoRoom();
  if (status === 'accepted') {
    expect((await answer(cem, rung, 'accept')).status).toBe(200);
    app.clock.advanceSeconds(120);
  }
  expect((await enter(cem)).status).toBeLessThan(300);
});

it.each(['cancel', 'decline'] as const)(
  'a ring that ended lets nobody into a private room: %s',
  async (how) => {
    const rung = await ringIntoRoom();
    expect((await answer(how === 'cancel' ? ann : cem, rung, how)).status).toBe(200);
    expect((await enter(cem)).status).toBe(404);
  },
);

it('a ring lets nobody into a private room once it has expired', async () => {
  const rung = await ringIntoRoom();
  app.clock.advanceSeconds(rung.body.timeoutSeconds);
  expect((await enter(cem)).status).toBe(404);
});

describe('a ring into a room', () => {
  let dan: Person;
  let open: string;
  const host = (method: string, path: string, body?: object) =>
    app.send(method, `/api/v1${path}`, { token: ann.token, ...(body ? { body } : {}) });
  const memberPath = async ({ userId }: Person) => {
    const { body } = await host('GET', `/organizations/${ann.organizationId}/members`);
    const member = body.data.find((each: { userId: string }) => each.userId === userId);
    return `/organizations/${ann.organizationId}/members/${member.id}`;
  };
  const removeFromRoom = async (person: Person) => {
    const path = `/api/v1/rooms/${open}/token`;
    const { body } = await app.send('POST', path, { token: person.token, body: {} });
    return host('DELETE', `/rooms/${open}/participants/${body.participantId}`);
  };
  const suspend = async (person: Person) => host('PATCH', await memberPath(person), { status: 'suspended' });

  beforeEach(async () => {
    dan = await app.person({ role: 'member', organizationId: ann.organizationId });
    open = (await host('POST', '/rooms', { name: 'Open' })).body.id;
  });

  it.each<[string, () => Promise<TestResponse>]>([
    ['its room ends', () => host('POST', `/rooms/${open}/end`, {})],
    ['its room is deleted', () => host('DELETE', `/rooms/${open}`)],
    ['its caller is removed from the room', () => removeFromRoom(cem)],
    ['its callee is removed from the room', () => removeFromRoom(dan)],
    ['its caller is suspended', () => suspend(cem)],
    ['its callee is suspended', () => suspend(dan)],
    ['its caller leaves the organization', async () => host('DELETE', await memberPath(cem))],
  ])('is cancelled on the devices of both when %s', async (_what, change) => {
    const devices = [app.inboxes.attach(cem), app.inboxes.attach(dan)];
    const rung = await ring(cem, dan, { roomId: open });
    expect((await change()).status).toBeLessThan(300);
    await app.drain();
    for (const device of devices)
      expect(device.framesOf('ring.stopped')).toMatchObject([{ ringId: rung.body.id, reason: 'cancelled' }]);
    expect(await ownerSql('select status from rings where id = $1', [rung.body.id])).toEqual([
      { status: 'cancelled' },
    ]);
  });

  it('does not start when its callee was removed from the room', async () => {
    const { status } = await removeFromRoom(dan);
    expect(status).toBe(204);
    const device = app.inboxes.attach(dan);
    expect(await ring(cem, dan, { roomId: open })).toMatchObject({
      status: 409,
      body: { code: 'ringing.callee_removed' },
    });
    await app.drain();
    expect(device.framesOf('ring.incoming')).toEqual([]);
    expect((await ring(cem, dan)).status).toBe(201);
  });

  it('cannot be accepted from the end of the room on', async () => {
    const rung = await ring(cem, dan, { roomId: open });
    await host('POST', `/rooms/${open}/end`, {});
    expect((await answer(dan, rung, 'accept')).body.code).toBe('ringing.over');
    expect((await answer(dan, rung, 'decline')).status).toBe(200);
  });

  it('lasts when others are removed or suspended, and when another room ends', async () => {
    const rung = await ring(cem, dan, { roomId: open });
    await host('POST', `/rooms/${roomId}/end`, {});
    const eve = await app.person({ role: 'member', organizationId: ann.organizationId });
    await removeFromRoom(eve);
    await suspend(eve);
    await app.drain();
    expect((await answer(dan, rung, 'accept')).status).toBe(200);
  });
});
