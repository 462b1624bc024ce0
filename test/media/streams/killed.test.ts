import { expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { streams } from '../../../src/media/streams/streams.tables.ts';
import { sweepStreamers, sweepStreams } from '../../../src/media/streams/sweep-streams.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp } from '../../support/app.ts';
import { KILLED, killAt } from '../../support/kill.ts';
import { FakeStreamer } from '../../support/livekit/fake-streamer.ts';
import { createRecordableRoom } from '../../support/recordings.ts';

const app = createTestApp();
const { ports } = app.services;
ports.outgoing = createOutgoing({
  resolver: { resolve: async () => ['93.184.216.34'] },
  fetcher: app.storage.fetch,
});

const TARGET = { url: 'rtmps://video.example/live2', streamKey: 'abcd-1234-efgh-5678' };

/** What the minute brings: deliveries, and the sweeps. */
const passMinute = async () => {
  app.clock.advanceSeconds(20);
  await app.drain().catch(() => undefined);
  await sweepStreams(app.services).catch(() => undefined);
  await sweepStreamers(app.services).catch(() => undefined);
};
const passMinutes = async () => {
  for (let minute = 0; minute < 3; minute++) await passMinute();
};

/** A stream from beginning to end, with a process that is killed at this commit. @returns whether it came to that commit */
async function stream(step: number, when: (typeof KILLED)[number]): Promise<boolean> {
  await app.drain();
  await app.services.database.commit(systemScope, (q) => [q.delete(streams)]);
  const streamer = new FakeStreamer(app.clock.now);
  ports.clusters = { ...ports.clusters, streamers: () => streamer };
  const owner = await app.person();
  const { token, organizationId } = owner;
  const { roomId } = await createRecordableRoom(app, owner);
  const path = `/api/v1/rooms/${roomId}/streams`;
  const { body } = await app.send('POST', path, { token, body: { targets: [TARGET] } });
  const kill = killAt(app, step, when);
  await passMinutes();
  streamer.streams[0]!.status = 'active';
  await passMinutes();
  // The call is over, so the stream ends by itself.
  await ownerSql(
    `update calls set status = 'ended', ended_at = $2, end_reason = 'empty' where room_id = $1`,
    [roomId, new Date(app.clock.now()).toISOString()],
  );
  await passMinutes();
  streamer.end();
  await passMinutes();
  kill.restart();
  await passMinutes();
  const rows = await ownerSql('select state, reason from streams where id = $1', [body.id]);
  expect([rows, streamer.started.length]).toEqual([[{ state: 'ended', reason: null }], 1]);
  const moves = await ownerSql<{ action: string }>(
    `select action from audit_logs where organization_id = $1 and action like 'stream.%' order by seq`,
    [organizationId],
  );
  const actions = moves.map(({ action }) => action);
  expect(actions).toEqual([...new Set(actions)]);
  expect(actions).toContain('stream.ended');
  return kill.wasKilled();
}

it.each(KILLED)(
  'a process that is killed %s any commit of a stream sends it once, and ends it as asked',
  async (when) => {
    let step = 1;
    while (await stream(step, when)) step++;
    expect(step).toBeGreaterThan(4);
  },
);
