import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';

let app: TestApp;
let owner: Person;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

const schedule = {
  startsAt: '2099-03-02T08:00:00.000Z',
  durationSeconds: 3600,
  timeZone: 'Europe/Madrid',
  rrule: 'FREQ=WEEKLY;BYDAY=MO',
};
const [FIRST, SECOND, THIRD] = [
  '2099-03-02T08:00:00.000Z',
  '2099-03-09T08:00:00.000Z',
  '2099-03-16T08:00:00.000Z',
];
async function createRoom(given: object | null = schedule): Promise<string> {
  const body = { name: 'Weekly', schedule: given };
  const answer = await app.send('POST', '/api/v1/rooms', { token: owner.token, body });
  expect(answer).toMatchObject({ status: 201 });
  return `/api/v1/rooms/${answer.body.id}`;
}
const get = (path: string, token = owner.token) => app.send('GET', path, { token });
const change = (room: string, start: string, body: unknown, headers = {}) =>
  app.send('PATCH', `${room}/occurrences/${start}`, { token: owner.token, body, headers });
const cancel = (room: string, start: string, token = owner.token) =>
  app.send('DELETE', `${room}/occurrences/${start}`, { token });
const listStarts = async (room: string, query = '') =>
  (await get(`${room}/occurrences?limit=3${query}`)).body.data.map(
    ({ startsAt, status }: { startsAt: string; status: string }) =>
      status === 'cancelled' ? `${startsAt} cancelled` : startsAt,
  );

describe('one date of a series', () => {
  it('can be cancelled, which the list and the next start of the room show, and be scheduled again', async () => {
    const room = await createRoom();
    expect(await cancel(room, FIRST)).toMatchObject({ status: 204 });
    expect(await cancel(room, FIRST)).toMatchObject({ status: 204 });
    expect(await listStarts(room)).toEqual([`${FIRST} cancelled`, SECOND, THIRD]);
    const cancelled = await get(room);
    expect(cancelled.body.nextStartsAt).toBe(SECOND);
    // Repeating it changed nothing.
    expect(cancelled.headers.get('etag')).toBe('"2"');
    expect(await change(room, FIRST, { status: 'scheduled' })).toMatchObject({
      status: 200,
      body: { status: 'scheduled', changed: false },
    });
    expect((await get(room)).body.nextStartsAt).toBe(FIRST);
  });

  it('can be moved, lengthened and renamed, keeps its original start as its name, and can be put back', async () => {
    const room = await createRoom();
    const moved = { startsAt: '2099-03-10T10:00:00+01:00', durationSeconds: 600, name: ' Review ' };
    const expected = {
      originalStartsAt: FIRST,
      startsAt: '2099-03-10T09:00:00.000Z',
      durationSeconds: 600,
      name: 'Review',
      changed: true,
    };
    expect(await change(room, FIRST, moved)).toMatchObject({ status: 200, body: expected });
    expect((await get(`${room}/occurrences/2099-03-02T09:00:00+01:00`)).body).toMatchObject(expected);
    expect(await listStarts(room)).toEqual([SECOND, '2099-03-10T09:00:00.000Z', THIRD]);
    expect((await get(room)).body.nextStartsAt).toBe(SECOND);
    const original = { startsAt: null, durationSeconds: null, name: null };
    expect((await change(room, FIRST, original)).body).toMatchObject({
      startsAt: FIRST,
      durationSeconds: 3600,
      name: 'Weekly',
      changed: false,
    });
  });

  it('keeps where it was moved to while it is cancelled', async () => {
    const room = await createRoom();
    await change(room, FIRST, { startsAt: '2099-03-03T08:00:00.000Z' });
    await cancel(room, FIRST);
    expect((await get(room)).body.nextStartsAt).toBe(SECOND);
    await change(room, FIRST, { status: 'scheduled' });
    expect((await get(room)).body.nextStartsAt).toBe('2099-03-03T08:00:00.000Z');
  });

  it('is not found at another moment, and a single date is no series', async () => {
    const [room, single] = [await createRoom(), await createRoom({ ...schedule, rrule: undefined })];
    expect(await cancel(room, '2099-03-02T08:00:01.000Z')).toMatchObject({
      status: 404,
      body: { code: 'occurrences.not_found' },
    });
    expect(await cancel(single, FIRST)).toMatchObject({
      status: 409,
      body: { code: 'occurrences.not_recurring' },
    });
    expect(await listStarts(single)).toEqual([FIRST]);
    expect(await listStarts(await createRoom(null))).toEqual([]);
  });

  it('is changed by hosts and administrators only, and not on top of a change they have not seen', async () => {
    const room = await createRoom();
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await cancel(room, FIRST, member.token)).toMatchObject({ status: 403 });
    expect(await get(`${room}/occurrences`, member.token)).toMatchObject({ status: 200 });
    const outsider = await app.person();
    expect(await cancel(room, FIRST, outsider.token)).toMatchObject({ status: 404 });
    expect(await get(`${room}/occurrences`, outsider.token)).toMatchObject({ status: 404 });
    const { headers } = await get(`${room}/occurrences/${FIRST}`);
    const seen = { 'if-match': headers.get('etag')! };
    expect(await change(room, FIRST, { name: 'One' }, seen)).toMatchObject({ status: 200 });
    expect(await change(room, FIRST, { name: 'Two' }, seen)).toMatchObject({ status: 412 });
  });

  it('publishes what changed, and the audit log holds it', async () => {
    const room = await createRoom();
    await cancel(room, FIRST);
    const roomId = room.split('/').at(-1)!;
    const events = await ownerSql<{ payload: unknown }>(
      `select payload from outbox where type = 'room.occurrence_changed' and key = $1`,
      [roomId],
    );
    expect(events.map(({ payload }) => payload)).toEqual([{ roomId, originalStartsAt: FIRST }]);
    const { body } = await get(`/api/v1/audit/logs?action=room.occurrence_changed&targetId=${roomId}`);
    expect(body.data).toMatchObject([{ after: { originalStartsAt: FIRST, cancelled: true } }]);
  });
});

describe('the dates that differ from their series', () => {
  it('keep their changes when its end changes, and lose them when its time changes', async () => {
    const room = await createRoom();
    await cancel(room, FIRST);
    const update = (given: object) =>
      app.send('PATCH', room, { token: owner.token, body: { schedule: { ...schedule, ...given } } });
    const longer = await update({ rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=3', durationSeconds: 7200 });
    expect(longer.body.nextStartsAt).toBe(SECOND);
    expect(await listStarts(room)).toEqual([`${FIRST} cancelled`, SECOND, THIRD]);
    expect((await update({ startsAt: '2099-03-02T08:30:00.000Z' })).body.nextStartsAt).toBe(
      '2099-03-02T08:30:00.000Z',
    );
    expect((await update({})).body.nextStartsAt).toBe(FIRST);
  });

  it('are at most 100 at once, of which one can still be changed again or undone', async () => {
    const room = await createRoom({ ...schedule, timeZone: 'UTC', rrule: 'FREQ=DAILY' });
    const startOf = (day: number) => new Date(Date.parse(FIRST) + day * 86_400_000).toISOString();
    for (let day = 0; day < 100; day++)
      expect(await cancel(room, startOf(day))).toMatchObject({ status: 204 });
    expect(await cancel(room, startOf(100))).toMatchObject({
      status: 409,
      body: { code: 'occurrences.too_many_changes' },
    });
    expect((await get(room)).body.nextStartsAt).toBe(startOf(100));
    expect(await change(room, startOf(5), { name: 'Six' })).toMatchObject({ status: 200 });
    expect(await change(room, startOf(6), { status: 'scheduled' })).toMatchObject({ status: 200 });
    expect(await cancel(room, startOf(100))).toMatchObject({ status: 204 });
  });
});

describe('the list of dates', () => {
  it('pages through each date once, also through dates that start together', async () => {
    const room = await createRoom({ ...schedule, rrule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=7' });
    await change(room, FIRST, { startsAt: THIRD });
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 10; page++) {
      const { body } = await get(`${room}/occurrences?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data.map((each: { originalStartsAt: string }) => each.originalStartsAt));
      cursor = body.nextCursor;
    }
    expect(seen.slice(0, 3)).toEqual([SECOND, FIRST, THIRD]);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  it('holds what ends after `from` and starts before `to`, by the real times', async () => {
    const room = await createRoom();
    await change(room, FIRST, { startsAt: '2099-03-17T08:00:00.000Z', durationSeconds: 86_400 });
    const between = (from: string, to: string) => listStarts(room, `&from=${from}&to=${to}`);
    expect(await between('2099-03-01T00:00:00Z', '2099-03-09T08:00:00Z')).toEqual([]);
    expect(await between('2099-03-09T08:59:59Z', '2099-03-10T00:00:00Z')).toEqual([SECOND]);
    expect(await between('2099-03-09T09:00:00Z', '2099-03-10T00:00:00Z')).toEqual([]);
    expect(await between('2099-03-18T07:59:59Z', '2099-03-20T00:00:00Z')).toEqual([
      '2099-03-17T08:00:00.000Z',
    ]);
  });

  it('refuses the cursor of another list', async () => {
    const room = await createRoom();
    await createRoom();
    const rooms = await get('/api/v1/rooms?limit=1');
    expect(await get(`${room}/occurrences?cursor=${rooms.body.nextCursor}`)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid_cursor' },
    });
  });
});
