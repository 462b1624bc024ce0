import { beforeAll, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let app: TestApp;
let meeting: Meeting;
let host: Person;
let early: Person;

type Reader = Pick<Person | Attendee, 'token'>;

const share = async (query: Record<string, string>, by: Reader = host) => {
  const answer = await uploadFile(app, by.token, {
    content: 'shared',
    query: { roomId: meeting.roomId, ...query },
  });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; callId: string | null };
};
const read = async (id: string, { token }: Reader, rest = '') =>
  (await app.send('GET', `/api/v1/files/${id}${rest}`, { token })).status;
const list = async ({ token }: Reader, query = '') =>
  (await app.send('GET', `/api/v1/files?limit=100${query}`, { token })).body.data.map(
    ({ id }: { id: string }) => id,
  ) as string[];
const remove = (attendee: Attendee) =>
  meeting.send('DELETE', `/participants/${attendee.participantId}`, host);

beforeAll(async () => {
  meeting = await createMeeting();
  ({ app, host } = meeting);
  early = await app.person({ role: 'member', organizationId: host.organizationId });
  await meeting.join({ person: early });
});

describe('a file for participants', () => {
  it('that is shared without an open call is for those who were in the room before, not for those who join later', async () => {
    const earlyGuest = await meeting.guest();
    await ownerSql(
      `update calls set status = 'ended', ended_at = now(), end_reason = 'empty' where room_id = $1`,
      [meeting.roomId],
    );
    app.clock.advanceSeconds(1);
    const { id, callId } = await share({});
    expect(callId).toBeNull();
    app.clock.advanceSeconds(1);
    const late = await app.person({ role: 'member', organizationId: host.organizationId });
    await meeting.join({ person: late });
    await meeting.join({ person: early });
    const lateGuest = await meeting.guest();
    const statuses = [early, earlyGuest, late, lateGuest].map((reader) => read(id, reader));
    expect(await Promise.all(statuses)).toEqual([200, 200, 404, 404]);
    expect([(await list(early)).includes(id), (await list(late)).includes(id)]).toEqual([true, false]);
    expect(await list(lateGuest)).not.toContain(id);
  });

  it('is made one by its owner only while the room is open to them', async () => {
    const person = await app.person({ role: 'member', organizationId: host.organizationId });
    const attendee = await meeting.join({ person });
    const { id } = await share({ access: 'private' }, person);
    const other = await share({ access: 'private' }, person);
    const change = (fileId: string, body: unknown) =>
      app.send('PATCH', `/api/v1/files/${fileId}`, { token: person.token, body });
    expect((await change(id, { access: 'participants' })).status).toBe(200);
    await remove(attendee);
    for (const access of ['participants', 'organization', 'public'])
      expect(await change(other.id, { access })).toMatchObject({
        status: 403,
        body: { code: 'rooms.removed' },
      });
    expect((await change(id, { access: 'private' })).status).toBe(200);
    expect((await change(id, { name: 'mine.txt' })).status).toBe(200);
  });
});

describe('a guest', () => {
  it('lists, gets and downloads what is public or for participants of their call in their room, and nothing else', async () => {
    const guest = await meeting.guest();
    const [shared, open] = [await share({}), await share({ access: 'public' })];
    const hidden = [await share({ access: 'private' }), await share({ access: 'organization' })];
    const elsewhere = await createMeeting({}, app);
    const foreign = await uploadFile(app, elsewhere.host.token, {
      content: 'elsewhere',
      query: { roomId: elsewhere.roomId, access: 'public' },
    });
    await app.drain();
    for (const { id } of [shared, open])
      expect([await read(id, guest), await read(id, guest, '/content')]).toEqual([200, 200]);
    for (const { id } of [...hidden, foreign.body])
      expect([await read(id, guest), await read(id, guest, '/content')]).toEqual([404, 404]);
    const listed = await list(guest);
    expect(listed).toEqual(expect.arrayContaining([shared.id, open.id]));
    for (const { id } of [...hidden, foreign.body]) expect(listed).not.toContain(id);
    const inOther = await app.send('GET', `/api/v1/files?roomId=${elsewhere.roomId}`, { token: guest.token });
    expect(inOther.body).toMatchObject({ data: [] });
  });

  it('neither lists deleted files, nor uploads, changes or makes addresses', async () => {
    const guest = await meeting.guest();
    const { id } = await share({});
    const send = async (method: string, path: string, body?: unknown) =>
      (await app.send(method, path, { token: guest.token, ...(body === undefined ? {} : { body }) })).status;
    expect([
      (await uploadFile(app, guest.token, { content: 'x' })).status,
      await send('PATCH', `/api/v1/files/${id}`, { name: 'x' }),
      await send('DELETE', `/api/v1/files/${id}`),
      await send('POST', `/api/v1/files/${id}/download-url`, {}),
      await send('GET', '/api/v1/uploads'),
    ]).toEqual([403, 403, 403, 403, 403]);
    expect((await app.send('DELETE', `/api/v1/files/${id}`, { token: host.token })).status).toBe(204);
    expect([await read(id, guest), (await list(guest, '&deleted=true')).length]).toEqual([404, 0]);
  });

  it('reads nothing after a removal', async () => {
    const guest = await meeting.guest();
    const { id } = await share({});
    expect(await read(id, guest)).toBe(200);
    await remove(guest);
    const refused = await app.send('GET', '/api/v1/files', { token: guest.token });
    expect([refused.status, await read(id, guest), await read(id, guest, '/content')]).toEqual([
      403, 403, 403,
    ]);
  });
});
