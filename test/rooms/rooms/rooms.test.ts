import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

const path = '/api/v1/rooms';
const createRoom = (body: unknown = { name: 'Room' }, token = owner.token) =>
  app.send('POST', path, { token, body });
const createdRoomId = async (body: Record<string, unknown> = {}, token = owner.token): Promise<string> => {
  const answer = await createRoom({ name: 'Room', ...body }, token);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body.id as string;
};
const getRoom = (roomId: string, token = owner.token) => app.send('GET', `${path}/${roomId}`, { token });
const updateRoom = (roomId: string, body: unknown, token = owner.token, headers = {}) =>
  app.send('PATCH', `${path}/${roomId}`, { token, body, headers });
const schedule = (more: Record<string, unknown> = {}) => ({
  startsAt: '2026-03-02T08:00:00Z',
  durationSeconds: 3600,
  timeZone: 'Europe/Madrid',
  ...more,
});
const pointers = ({ body }: TestResponse) => body.errors.map((each: { pointer: string }) => each.pointer);

describe('creating a room', () => {
  it('takes the settings that are given, and the others from its type', async () => {
    const [plain, broadcast, duo] = [
      await createRoom(),
      await createRoom({ name: 'News', type: 'broadcast', capacity: 80, features: { chat: false } }),
      await createRoom({ name: 'Two', type: 'one_to_one', lobby: true, defaultRoles: { guest: 'viewer' } }),
    ];
    expect(plain).toMatchObject({ status: 201 });
    expect(plain.headers.get('location')).toBe(`${path}/${plain.body.id}`);
    expect(plain.body).toMatchObject({
      type: 'group',
      status: 'open',
      capacity: 50,
      createdBy: owner.userId,
      callId: null,
      parentRoomId: null,
      nextStartsAt: null,
      emptyTimeoutSeconds: 300,
      departureTimeoutSeconds: 20,
    });
    expect(broadcast.body).toMatchObject({
      capacity: 80,
      features: { chat: false, screenShare: true },
      defaultRoles: { member: 'viewer', guest: 'viewer' },
    });
    expect(duo.body).toMatchObject({
      capacity: 2,
      lobby: true,
      defaultRoles: { member: 'participant', guest: 'viewer' },
    });
  });

  it('happens once per idempotency key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const [first, again] = [
      await app.send('POST', path, { token: owner.token, body: { name: 'Once' }, headers }),
      await app.send('POST', path, { token: owner.token, body: { name: 'Once' }, headers }),
    ];
    expect(first.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('keeps names, tags and metadata of any script as they are', async () => {
    const body = {
      name: "Räume & 会議室 👩‍🚀 '; drop table rooms; --",
      tags: ['ünï', '<script>'],
      metadata: { 'a.b': 1.5, ключ: 'значение', flag: true },
    };
    const roomId = await createdRoomId(body);
    expect((await getRoom(roomId)).body).toMatchObject(body);
  });

  it.each([
    ['a blank name', { name: '   ' }, '/name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, '/name'],
    ['a capacity of three for two', { name: 'Two', type: 'one_to_one', capacity: 3 }, '/capacity'],
    ['a capacity of zero', { name: 'None', capacity: 0 }, '/capacity'],
    ['a capacity above the highest', { name: 'Many', capacity: 1_001 }, '/capacity'],
    ['an unknown type', { name: 'Odd', type: 'stadium' }, '/type'],
    ['an unknown feature', { name: 'Odd', features: { teleport: true } }, '/features/teleport'],
    [
      'a default role that is not for people',
      { name: 'Odd', defaultRoles: { guest: 'agent' } },
      '/defaultRoles/guest',
    ],
    ['the same tag twice', { name: 'Tags', tags: ['a', 'a'] }, '/tags'],
    [
      'too much metadata',
      { name: 'Meta', metadata: Object.fromEntries([...Array(51).keys()].map((n) => [n, n])) },
      '/metadata',
    ],
    [
      'an unknown time zone',
      { name: 'When', schedule: schedule({ timeZone: 'Mars/Olympus' }) },
      '/schedule/timeZone',
    ],
    [
      'a start without a date',
      { name: 'When', schedule: schedule({ startsAt: 'tomorrow' }) },
      '/schedule/startsAt',
    ],
    [
      'a start before 1970',
      { name: 'When', schedule: schedule({ startsAt: '0000-01-01T00:00:00Z' }) },
      '/schedule/startsAt',
    ],
    [
      'a recurrence by the minute',
      { name: 'When', schedule: schedule({ rrule: 'FREQ=MINUTELY' }) },
      '/schedule/rrule',
    ],
    [
      'an unknown field',
      { name: 'Odd', organizationId: 'org_01jd3v7q8gf4kr2x6a0w9mznpe' },
      '/organizationId',
    ],
  ])('refuses %s', async (_what, body, pointer) => {
    const refused = await createRoom(body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(new Set(pointers(refused))).toEqual(new Set([pointer]));
  });

  it.each([
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;UNTIL=20200101T000000Z',
  ])('refuses %s, which has no occurrence, at once', async (rrule) => {
    const usedBefore = process.cpuUsage();
    const refused = await createRoom({ name: 'Never', schedule: schedule({ rrule }) });
    expect(refused).toMatchObject({ status: 422, body: { code: 'rooms.bad_schedule' } });
    expect(process.cpuUsage(usedBefore).user).toBeLessThan(1_000_000);
    const roomId = await createdRoomId();
    expect(await updateRoom(roomId, { schedule: schedule({ rrule }) })).toMatchObject({ status: 422 });
  });
});

describe('a batch of rooms', () => {
  const batch = (rooms: unknown, token = owner.token) =>
    app.send('POST', `${path}/batch`, { token, body: { rooms } });
  const named = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => ({ name: `${name} ${at}` }));
  const namesOf = ({ body }: TestResponse) => body.data.map((room: { name: string }) => room.name);

  it('of a hundred is created in the order of the request', async () => {
    const person = await app.person();
    const answer = await batch(named(100, 'Room'), person.token);
    expect(answer.status).toBe(201);
    expect(namesOf(answer)).toEqual(named(100, 'Room').map(({ name }) => name));
    const list = await app.send('GET', `${path}?limit=100`, { token: person.token });
    expect(list.body).toMatchObject({ nextCursor: null });
    expect(list.body.data).toHaveLength(100);
  });

  it.each([
    ['one is malformed', { name: '' }, 400],
    [
      'one has no occurrence',
      { name: 'Never', schedule: schedule({ rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' }) },
      422,
    ],
  ])('creates no room where %s', async (_why, wrong, status) => {
    const person = await app.person();
    expect((await batch([...named(5, 'Room'), wrong], person.token)).status).toBe(status);
    expect((await app.send('GET', path, { token: person.token })).body.data).toEqual([]);
  });

  it('has 1 to 100 rooms', async () => {
    expect((await batch([])).status).toBe(400);
    expect((await batch(named(101, 'Room'))).status).toBe(400);
  });
});

describe('a schedule', () => {
  it('gives the next start, by the wall clock of its time zone', async () => {
    const at = createTestApp();
    const person = await at.person();
    const created = await at.send('POST', path, {
      token: person.token,
      body: {
        name: 'Weekly',
        schedule: schedule({ startsAt: '2099-03-23T08:00:00Z', rrule: 'FREQ=WEEKLY;BYDAY=MO' }),
      },
    });
    const next = async (now: string) => {
      at.clock.advanceSeconds((Date.parse(now) - at.clock.now()) / 1000);
      // A token for that time: the first one has expired.
      const { signAccessToken } = await import('../../../src/identity/access/index.ts');
      const membership = { organizationId: person.organizationId, role: 'owner', plan: 'free' };
      const token = await signAccessToken(
        at.services.signer,
        { userId: person.userId, sessionId: person.sessionId, membership },
        300,
      );
      return (await at.send('GET', `${path}/${created.body.id}`, { token })).body.nextStartsAt;
    };
    // Summer time begins on 29 March 2099.
    expect(await next('2099-03-23T07:00:00Z')).toBe('2099-03-23T08:00:00.000Z');
    expect(await next('2099-03-23T08:59:00Z')).toBe('2099-03-23T08:00:00.000Z');
    expect(await next('2099-03-23T09:00:00Z')).toBe('2099-03-30T07:00:00.000Z');
  });

  it('can be set and removed', async () => {
    const roomId = await createdRoomId();
    const given = await updateRoom(roomId, { schedule: schedule({ startsAt: '2099-01-01T00:00:00Z' }) });
    expect(given.body.nextStartsAt).toBe('2099-01-01T00:00:00.000Z');
    expect((await updateRoom(roomId, { schedule: null })).body).toMatchObject({
      schedule: null,
      nextStartsAt: null,
    });
  });
});

describe('the list of rooms', () => {
  it('pages through all rooms once, oldest first, while rooms are added', async () => {
    const { token } = await app.person();
    const ids: string[] = [];
    for (let at = 0; at < 5; at++) {
      ids.push(await createdRoomId({ name: `Room ${at}` }, token));
      app.clock.advanceSeconds(1);
    }
    const first = await app.send('GET', `${path}?limit=3`, { token });
    const added = await createdRoomId({ name: 'Late' }, token);
    const rest = await app.send('GET', `${path}?limit=3&cursor=${first.body.nextCursor}`, { token });
    const listed = [...first.body.data, ...rest.body.data].map((room: { id: string }) => room.id);
    expect(listed).toEqual([...ids, added]);
    expect(rest.body.nextCursor).toBeNull();
  });

  it('is filtered by status, type, tag and open call', async () => {
    const { token } = await app.person();
    const group = await createdRoomId({ tags: ['red', 'blue'] }, token);
    app.clock.advanceSeconds(1);
    const audio = await createdRoomId({ type: 'audio_room', tags: ['blue'] }, token);
    await app.send('POST', `${path}/${audio}/token`, { token, body: {} });
    const ids = async (query: string) =>
      (await app.send('GET', `${path}?${query}`, { token })).body.data.map((room: { id: string }) => room.id);
    expect(await ids('type=audio_room')).toEqual([audio]);
    expect(await ids('tag=red')).toEqual([group]);
    expect(await ids('tag=blue')).toEqual([group, audio]);
    expect(await ids('tag=%25')).toEqual([]);
    expect(await ids('live=true')).toEqual([audio]);
    expect(await ids('live=false')).toEqual([group]);
    expect(await ids('status=ended')).toEqual([]);
    expect(await ids('status=open&type=group&tag=blue&live=false')).toEqual([group]);
    expect((await app.send('GET', `${path}?live=maybe`, { token })).status).toBe(400);
  });

  it('has no room of another organization and no deleted one', async () => {
    const [mine, other] = [await app.person(), await app.person()];
    const deletedId = await createdRoomId({}, mine.token);
    await app.send('DELETE', `${path}/${deletedId}`, { token: mine.token });
    await createdRoomId({}, other.token);
    expect((await app.send('GET', path, { token: mine.token })).body.data).toEqual([]);
  });
});

describe('updating a room', () => {
  it('changes the settings that are given and keeps the others', async () => {
    const roomId = await createdRoomId({ tags: ['a'], features: { captions: false } });
    const changed = await updateRoom(roomId, {
      features: { chat: false },
      locked: true,
      maxDurationSeconds: 600,
    });
    expect(changed.body).toMatchObject({
      name: 'Room',
      tags: ['a'],
      features: { chat: false, captions: false, screenShare: true },
      locked: true,
      maxDurationSeconds: 600,
    });
    expect((await getRoom(roomId)).body).toEqual(changed.body);
  });

  it('refuses a stale version, and an empty change', async () => {
    const roomId = await createdRoomId();
    const etag = (await getRoom(roomId)).headers.get('etag')!;
    expect((await updateRoom(roomId, { name: 'A' }, owner.token, { 'if-match': etag })).status).toBe(200);
    expect(await updateRoom(roomId, { name: 'B' }, owner.token, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'request.stale' },
    });
    expect((await updateRoom(roomId, {})).status).toBe(400);
    const deletion = await app.send('DELETE', `${path}/${roomId}`, {
      token: owner.token,
      headers: { 'if-match': etag },
    });
    expect(deletion.status).toBe(412);
  });

  it('changes neither the type, nor the capacity of a one_to_one room beyond two', async () => {
    const roomId = await createdRoomId({ type: 'one_to_one' });
    expect(pointers(await updateRoom(roomId, { capacity: 3 }))).toEqual(['/capacity']);
    expect((await updateRoom(roomId, { type: 'group' })).status).toBe(400);
    expect((await updateRoom(roomId, { status: 'ended' })).status).toBe(400);
  });

  it('is for its creator and for administrators, not for other members', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const roomId = await createdRoomId({}, member.token);
    const other = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await updateRoom(roomId, { name: 'Mine' }, other.token)).toMatchObject({
      status: 403,
      body: { code: 'rooms.not_manager' },
    });
    expect((await updateRoom(roomId, { name: 'Mine' }, member.token)).status).toBe(200);
    expect((await updateRoom(roomId, { name: 'Ours' }, admin.token)).status).toBe(200);
    const remove = (token: string) => app.send('DELETE', `${path}/${roomId}`, { token });
    expect((await remove(other.token)).status).toBe(403);
    expect((await remove(member.token)).status).toBe(204);
    expect((await getRoom(roomId, member.token)).status).toBe(404);
    expect((await remove(member.token)).status).toBe(404);
  });

  it('is refused to members with the guest role, as is creating one', async () => {
    const guestMember = await app.person({ role: 'guest', organizationId: owner.organizationId });
    const roomId = await createdRoomId();
    expect((await createRoom({ name: 'Mine' }, guestMember.token)).status).toBe(403);
    expect((await updateRoom(roomId, { name: 'Mine' }, guestMember.token)).status).toBe(403);
    expect((await getRoom(roomId, guestMember.token)).status).toBe(200);
  });

  it('answers for a room of another organization as for a missing one', async () => {
    const roomId = await createdRoomId();
    const outsider = await app.person();
    const missing = await getRoom(app.services.ids.create('room'), outsider.token);
    const foreign = await getRoom(roomId, outsider.token);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, instance: '', requestId: '' }).toEqual({
      ...missing.body,
      instance: '',
      requestId: '',
    });
    expect((await updateRoom(roomId, { name: 'Mine' }, outsider.token)).status).toBe(404);
  });

  it('by two requests at once loses neither change', async () => {
    const roomId = await createdRoomId();
    const both = await Promise.all([
      updateRoom(roomId, { locked: true }),
      updateRoom(roomId, { lobby: true }),
    ]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await getRoom(roomId)).body).toMatchObject({ locked: true, lobby: true });
  });
});
