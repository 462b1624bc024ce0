import { beforeAll, expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';

const app = createTestApp();
let meeting: Meeting;
let guest: Attendee;
let earlier: string;
let theirs: string;

beforeAll(async () => {
  meeting = await createMeeting({}, app);
  const { organizationId } = meeting.host;
  const { roomId } = meeting;
  const { bucketId } = await createRecordableRoom(app, meeting.host);
  const ended = { status: 'ended', endedAt: new Date(app.clock.now()), endReason: 'empty' } as const;
  const [before] = await createCalls(app, [{ organizationId, roomId, ...ended }]);
  earlier = await insertRecording(app, { organizationId, roomId, callId: before!.callId, bucketId });
  app.clock.advanceSeconds(1);
  guest = await meeting.guest({ role: 'host', link: { enableRecording: true } });
  theirs = await insertRecording(app, { organizationId, roomId, callId: guest.callId, bucketId });
});

const send = (method: string, path: string, by: { token: string } = guest) =>
  meeting.send(method, `/recordings${path}`, by);
const listed = async (by: { token: string }) =>
  (await send('GET', '', by)).body.data.map(({ id }: { id: string }) => id);

it('a guest who hosts a call has its recordings, and none of the calls before', async () => {
  expect(await listed(guest)).toEqual([theirs]);
  expect(await listed(meeting.host)).toEqual([theirs, earlier]);
  expect(await send('GET', `/${theirs}/download`)).toMatchObject({ status: 200 });
  for (const [method, path] of [
    ['GET', ''],
    ['GET', '/download'],
    ['POST', '/stop'],
  ] as const)
    expect(await send(method, `/${earlier}${path}`)).toMatchObject({
      status: 404,
      body: { code: 'recordings.not_found' },
    });
});

it('a guest deletes no recording, whatever their role', async () => {
  for (const id of [theirs, earlier]) expect((await send('DELETE', `/${id}`)).status).toBe(403);
  expect(await listed(meeting.host)).toEqual([theirs, earlier]);
});

it('a guest whose link has no recordings has none, also of their own call', async () => {
  const other = await meeting.guest({ role: 'moderator' });
  expect(await listed(other)).toEqual([]);
  expect(await send('GET', `/${theirs}/download`, other)).toMatchObject({ status: 404 });
});
