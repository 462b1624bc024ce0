import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  sweepClusters,
  sweepObjects,
  sweepRecordings,
} from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { FakeRecorder } from '../../support/livekit/fake-recorder.ts';
import { createRecordableRoom, forgetRecordings, insertRecording } from '../../support/recordings.ts';
import { ownerSql } from '../../contract/sql.ts';

const app = createTestApp();
const { storage, services } = app;
const { commit } = services.database;
let recorder: FakeRecorder;
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

const send = (method: string, path: string, body?: unknown) =>
  app.send(method, `/api/v1/rooms/${room.roomId}/recordings${path}`, {
    token: owner.token,
    ...(body === undefined ? {} : { body }),
  });
/** What the minute brings: deliveries, and the sweeps. */
const passMinute = async () => {
  app.clock.advanceSeconds(20);
  await app.drain().catch(() => undefined);
  await sweepRecordings(services).catch(() => undefined);
  await sweepObjects(services).catch(() => undefined);
  await app.drain().catch(() => undefined);
};

beforeAll(async () => {
  owner = await app.person();
});

beforeEach(async () => {
  await forgetRecordings(app);
  app.mailbox.mails.length = 0;
  storage.objects.clear();
  recorder = new FakeRecorder(storage, app.clock.now);
  services.ports.clusters = { ...services.ports.clusters, recorders: () => recorder };
});

/** Kills the process at its commit with this number, before or after the database has it. @returns whether it came to that */
function killAt(number: number, when: 'before' | 'after') {
  let count = 0;
  services.database.commit = async (...args: Parameters<typeof commit>) => {
    const isKilled = ++count === number;
    if (isKilled && when === 'before') throw new Error('killed');
    const outcome = await commit.call(services.database, ...args);
    if (isKilled) throw new Error('killed');
    return outcome;
  };
  return () => count >= number;
}

describe('a process that is killed', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its commits loses no recording, and repeats nothing',
    async (when) => {
      for (let step = 1, wasKilled = () => true; wasKilled(); step++) {
        owner = await app.person();
        room = await createRecordableRoom(app, owner);
        const before = recorder.recordings.length;
        const { body } = await send('POST', '', { bucketId: room.bucketId });
        wasKilled = killAt(step, when);
        for (let minute = 0; minute < 3; minute++) await passMinute();
        recorder.complete();
        for (let minute = 0; minute < 3; minute++) await passMinute();
        services.database.commit = commit;
        // The last round has no commit with this number.
        expect(wasKilled() || step > 5).toBe(true);
        await passMinute();
        const { id } = body as { id: string };
        const [row] = await ownerSql<{ state: string }>('select state from recordings where id = $1', [id]);
        expect([step, row]).toEqual([step, { state: 'ready' }]);
        expect(recorder.recordings.length).toBe(before + 1);
        const moves = await ownerSql<{ action: string }>(
          `select action from audit_logs where organization_id = $1 and action like 'recording.%' order by seq`,
          [owner.organizationId],
        );
        const actions = moves.map(({ action }) => action);
        expect(actions).toEqual([...new Set(actions)]);
        expect(actions).toContain('recording.ready');
      }
    },
  );
});

it('a recorder that nothing here is about is stopped, and those of others are left alone', async () => {
  room = await createRecordableRoom(app, owner);
  const { roomId, callId, organizationId } = room;
  const over = await insertRecording(app, {
    roomId,
    callId,
    organizationId,
    state: 'failed',
    reason: 'no_recorder',
  });
  const open = await insertRecording(app, {
    roomId,
    callId,
    organizationId,
    state: 'active',
    egress: 'EG_open',
  });
  const run = (egressId: string, key: string, room = callId) =>
    recorder.recordings.push({
      egressId,
      room,
      status: 'active',
      keys: [key],
      file: null,
      startedAtMs: 1,
      endedAtMs: null,
    });
  run('EG_over', `calls/${over}.mp4`);
  run('EG_open', `calls/${open}.mp4`);
  run('EG_twice', `calls/${open}.mp4`);
  run('EG_gone', `calls/${services.ids.create('recording')}.mp4`);
  run('EG_foreign', 'somebody/elses.mp4');
  // Of another installation at the same cluster.
  run('EG_elsewhere', `calls/${services.ids.create('recording')}.mp4`, services.ids.create('call'));
  await sweepClusters(services);
  const stopped = recorder.recordings
    .filter(({ status }) => status === 'ending')
    .map(({ egressId }) => egressId);
  expect(stopped).toEqual(['EG_over', 'EG_twice', 'EG_gone']);
});

it('the person who asked for a recording and the creator of the room are mailed once that it failed, and why', async () => {
  const asking = await app.person({ role: 'admin', organizationId: owner.organizationId });
  await ownerSql('update users set email_verified = true where id = any($1)', [
    [asking.userId, owner.userId],
  ]);
  room = await createRecordableRoom(app, owner);
  await app.send('POST', `/api/v1/rooms/${room.roomId}/recordings`, {
    token: asking.token,
    body: { bucketId: room.bucketId },
  });
  recorder.fault = 'refuses';
  await passMinute();
  await passMinute();
  const mails = app.mailbox.mails.filter(({ subject }) => subject === 'Recording failed: Room');
  expect(mails.map(({ text }) => text.includes('the media server refused it'))).toEqual([true, true]);
});

it('a recording that failed is not mailed again when it is deleted', async () => {
  room = await createRecordableRoom(app, owner);
  const { body } = await send('POST', '', { bucketId: room.bucketId });
  recorder.fault = 'refuses';
  await passMinute();
  expect(await send('DELETE', `/${body.id}`)).toMatchObject({ status: 204 });
  await passMinute();
  expect(await send('GET', `/${body.id}`)).toMatchObject({ status: 404 });
  expect(app.mailbox.mails.map(({ subject }) => subject)).toEqual(['Recording failed: Room']);
});

async function used(): Promise<number> {
  await app.drain();
  const [row] = await ownerSql<{ sum: string | null }>(
    `select sum(quantity) from usage_events where organization_id = $1 and meter = 'recording_minutes'`,
    [owner.organizationId],
  );
  return Number(row!.sum ?? 0);
}

it('the duration of a recording counts, also when the account of the user who asked for it was erased meanwhile', async () => {
  const asking = await app.person({ role: 'admin', organizationId: owner.organizationId });
  room = await createRecordableRoom(app, owner);
  const before = await used();
  const path = `/api/v1/rooms/${room.roomId}/recordings`;
  await app.send('POST', path, { token: asking.token, body: { bucketId: room.bucketId } });
  await passMinute();
  await ownerSql('delete from users where id = $1', [asking.userId]);
  recorder.complete();
  await passMinute();
  expect((await used()) - before).toBe(60_000);
});

it('the duration of a recording counts once it is verified, and still when it was deleted', async () => {
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  const { body } = await send('POST', '', { bucketId: room.bucketId });
  await passMinute();
  expect(await used()).toBe(0);
  recorder.complete();
  await passMinute();
  expect(await used()).toBe(60_000);
  expect(await send('DELETE', `/${body.id}`)).toMatchObject({ status: 204 });
  await passMinute();
  expect(await used()).toBe(60_000);
});
