import { beforeEach, expect, it } from 'vitest';
import { sweepStreams } from '../../../src/media/streams/sweep-streams.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakeStreamer } from '../../support/livekit/fake-streamer.ts';
import { createRecordableRoom } from '../../support/recordings.ts';
import { insertStream } from '../../support/streams.ts';

const app = createTestApp();
const { ports } = app.services;
const body = { targets: [{ url: 'rtmps://video.example/live2', streamKey: 'abcd-1234' }] };
let owner: Person;
let streamer: FakeStreamer;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

beforeEach(async () => {
  streamer = new FakeStreamer(app.clock.now);
  ports.clusters = { ...ports.clusters, streamers: () => streamer };
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  app.mailbox.mails.length = 0;
});

const start = () => app.send('POST', `/api/v1/rooms/${room.roomId}/streams`, { token: owner.token, body });

it('an organization has at most 20 streams that run', async () => {
  const { organizationId, roomId } = room;
  const ended = { status: 'ended', endedAt: new Date(app.clock.now()), endReason: 'empty' } as const;
  const calls = await createCalls(
    app,
    Array.from({ length: 20 }, () => ({ organizationId, roomId, ...ended })),
  );
  for (const { callId } of calls) await insertStream(app, { organizationId, roomId, callId });
  expect(await start()).toMatchObject({ status: 409, body: { code: 'streams.too_many' } });
  await ownerSql("update streams set state = 'ended' where call_id = $1", [calls[0]!.callId]);
  expect(await start()).toMatchObject({ status: 201 });
  expect(await start()).toMatchObject({ status: 409, body: { code: 'streams.already_streaming' } });
});

it.each([
  ['no_recorder', 1],
  ['stopped_before_start', 0],
] as const)(
  'a stream that ends as %s is mailed %i times to the person who asked for it',
  async (reason, times) => {
    await ownerSql('update users set email_verified = true where id = $1', [owner.userId]);
    const { organizationId, roomId, callId } = room;
    const { streamId } = await insertStream(app, {
      organizationId,
      roomId,
      callId,
      requestedBy: owner.userId,
      state: 'requested',
      egress: null,
      ...(reason === 'stopped_before_start'
        ? { stopRequestedAt: new Date(app.clock.now()), stopReason: 'requested' }
        : {}),
    });
    streamer.fault = 'busy';
    app.clock.advanceSeconds(61);
    await sweepStreams(app.services);
    await app.drain();
    const [row] = await ownerSql('select state, reason from streams where id = $1', [streamId]);
    expect(row).toEqual({ state: 'failed', reason });
    const mails = app.mailbox.mails.filter(({ to }) => to === owner.email);
    expect(mails).toHaveLength(times);
    if (times > 0)
      expect(mails[0]).toMatchObject({
        subject: 'Live stream failed: Room',
        text: expect.stringContaining('no recorder was free to send it') as string,
      });
  },
);
