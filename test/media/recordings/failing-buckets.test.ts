import { beforeEach, describe, expect, it } from 'vitest';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { runCron, scheduledTasks } from '../../../workers/cron.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { FakeRecorder } from '../../support/livekit/fake-recorder.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { ownerSql } from '../../contract/sql.ts';

const app = createTestApp();
const { storage, services } = app;
const { ports } = services;
const tasks = scheduledTasks.filter(({ name }) => name.startsWith('recordings.sweep'));
/** Objects about which the storage never answers, and the address of every host. */
let silent: string[];
let hostAddress: string;
let hanging: string[];
let recorder: FakeRecorder;
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

ports.outgoing = createOutgoing({
  resolver: { resolve: async () => [hostAddress] },
  requestTimeoutMs: 500,
  fetcher: (url, init) => {
    if (!silent.some((id) => url.includes(id))) return storage.fetch(url, init);
    hanging.push(url);
    return new Promise(() => undefined);
  },
});

beforeEach(async () => {
  silent = [];
  hanging = [];
  hostAddress = '93.184.216.34';
  recorder = new FakeRecorder(storage, app.clock.now);
  ports.clusters = { ...ports.clusters, recorders: () => recorder };
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
});

const send = (method: string, path: string, body?: unknown) =>
  app.send(method, `/api/v1/rooms/${room.roomId}/recordings${path}`, {
    token: owner.token,
    ...(body === undefined ? {} : { body }),
  });
const passMinute = async () => {
  app.clock.advanceSeconds(60);
  await runCron(services, app.clock.now(), () => undefined, tasks);
  await app.drain();
};
const stateOf = async (id: string) => {
  const [row] = await ownerSql<{ state: string; reason: string | null }>(
    'select state, reason from recordings where id = $1',
    [id],
  );
  return row!;
};
const begin = async (): Promise<string> => {
  const { body } = await send('POST', '', { bucketId: room.bucketId });
  await app.drain();
  return body.id;
};
const used = async (): Promise<number> => {
  const [row] = await ownerSql<{ sum: string | null }>(
    `select sum(quantity) from usage_events where organization_id = $1 and meter = 'recording_minutes'`,
    [owner.organizationId],
  );
  return Number(row!.sum ?? 0);
};

it('a bucket that hangs is asked three times a minute, and keeps no recording of another organization waiting', async () => {
  const deleted = { deleteRequestedAt: new Date(app.clock.now()), deletionCause: 'requested' } as const;
  for (let each = 0; each < 8; each++) silent.push(await insertRecording(app, { ...room, ...deleted }));
  const other = await createRecordableRoom(app, await app.person());
  const own = await insertRecording(app, { ...other, ...deleted });
  const running = await insertRecording(app, { ...other, state: 'active', egress: 'EG_1' });
  await ownerSql(`update calls set status = 'ended', ended_at = now() where id = $1`, [other.callId]);
  await passMinute();
  expect(hanging).toHaveLength(3);
  expect(await stateOf(own)).toMatchObject({ state: 'deleted' });
  expect(recorder.calls).toContain('stop');
  expect(await stateOf(running)).toMatchObject({ state: 'active' });
  silent = [];
  await passMinute();
  const { organizationId } = room;
  const [left] = await ownerSql(
    `select count(*)::int as rows from recordings where organization_id = $1 and state <> 'deleted'`,
    [organizationId],
  );
  expect(left).toEqual({ rows: 0 });
});

it('a recording is not begun in a bucket whose name leads into a private network by then', async () => {
  hostAddress = '10.0.0.5';
  const id = await begin();
  expect(await stateOf(id)).toEqual({ state: 'failed', reason: 'refused' });
  expect(recorder.calls).not.toContain('start');
});

describe('the duration of a recording that failed', () => {
  it.each([
    ['counts when the bucket has no such object', { written: null }, 'object_missing', 60_000],
    ['counts when the bucket says another size', { written: 999 }, 'size_differs', 60_000],
    ['does not count when the recorder reported none', { seconds: 0 }, 'duration_differs', 0],
  ] as const)('%s, also once it is deleted', async (_rule, outcome, reason, counted) => {
    const id = await begin();
    recorder.complete(outcome);
    await passMinute();
    expect(await stateOf(id)).toEqual({ state: 'failed', reason });
    expect(await used()).toBe(counted);
    expect(await send('DELETE', `/${id}`)).toMatchObject({ status: 204 });
    await app.drain();
    expect(await stateOf(id)).toMatchObject({ state: 'deleted' });
    expect(await used()).toBe(counted);
  });

  it('counts when its bucket was removed before it was verified', async () => {
    const id = await begin();
    recorder.complete();
    await ownerSql('delete from buckets where id = $1', [room.bucketId]);
    await passMinute();
    expect(await stateOf(id)).toEqual({ state: 'failed', reason: 'bucket_removed' });
    expect(await used()).toBe(60_000);
  });

  it('does not count when the recorder failed', async () => {
    const id = await begin();
    recorder.complete();
    recorder.recordings.at(-1)!.status = 'failed';
    await passMinute();
    expect(await stateOf(id)).toEqual({ state: 'failed', reason: 'recorder_failed' });
    expect(await used()).toBe(0);
  });
});
