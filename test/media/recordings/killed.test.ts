import { describe, expect, it } from 'vitest';
import { sweepObjects } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { KILLED, killAt } from '../../support/kill.ts';
import { createRecordableRoom, forgetRecordings, insertRecording } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';

const DAY_SECONDS = 86_400;
const app = createTestApp();
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

/** A recording that is ready, with its file in the bucket, of an organization of its own, and no other. */
async function store(row: { expiresAt?: Date } = {}): Promise<string> {
  await app.drain();
  await forgetRecordings(app);
  app.storage.objects.clear();
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  const { organizationId, roomId, callId, bucketId } = room;
  return insertRecording(app, { organizationId, roomId, callId, bucketId, ...row });
}
const send = async (method: string, path: string, body?: unknown) => {
  owner = await withFreshToken(app, owner);
  const { token } = owner;
  const target = `/api/v1/rooms/${room.roomId}/recordings/${path}`;
  return app.send(method, target, { token, ...(body === undefined ? {} : { body }) });
};
/** What the minute brings: deliveries, and the sweep. */
const passMinute = async () => {
  app.clock.advanceSeconds(60);
  await app.drain().catch(() => undefined);
  await sweepObjects(app.services).catch(() => undefined);
};
const passMinutes = async () => {
  for (let minute = 0; minute < 3; minute++) await passMinute();
};
const stateOf = async (id: string) =>
  (await ownerSql('select state from recordings where id = $1', [id]))[0]!.state;
const actions = async () => {
  const rows = await ownerSql<{ action: string }>(
    `select action from audit_logs where organization_id = $1 and action like 'recording.%' order by seq`,
    [owner.organizationId],
  );
  return rows.map(({ action }) => action);
};
const files = () => [...app.storage.objects.keys()].filter((key) => key.includes('rec_'));

/** Repeats a round with a kill at the next commit, until it comes to no commit with that number. */
async function killAtEveryCommit(leastSteps: number, round: (step: number) => Promise<boolean>) {
  let step = 1;
  while (await round(step)) step++;
  expect(step).toBeGreaterThan(leastSteps);
}

describe.each(KILLED)('a process that is killed %s a commit', (when) => {
  it('of a deletion, any of them, deletes the file once it runs again, and once', async () => {
    await killAtEveryCommit(2, async (step) => {
      const id = await store();
      const kill = killAt(app, step, when);
      const first = await send('DELETE', id);
      await passMinutes();
      kill.restart();
      // What was answered with a failure is asked for again.
      if (first.status !== 204) expect([204, 404]).toContain((await send('DELETE', id)).status);
      await passMinutes();
      expect([step, await stateOf(id), files()]).toEqual([step, 'deleted', []]);
      const noted = await actions();
      // The decision, and that it was done.
      expect(noted.filter((action) => action === 'recording.deleted')).toHaveLength(2);
      return kill.wasKilled();
    });
  });

  it('of an expiry, any of them, deletes the file once it runs again, and once', async () => {
    await killAtEveryCommit(2, async (step) => {
      const id = await store({ expiresAt: new Date(app.clock.now() + DAY_SECONDS * 1000) });
      app.clock.advanceSeconds(DAY_SECONDS);
      const kill = killAt(app, step, when);
      await passMinutes();
      kill.restart();
      await passMinutes();
      expect([step, await stateOf(id), files()]).toEqual([step, 'expired', []]);
      const noted = await actions();
      expect(noted.filter((action) => action === 'recording.expired')).toHaveLength(1);
      return kill.wasKilled();
    });
  });

  it('of a hold holds it once it is asked for again, and its file outlasts its expiry', async () => {
    const id = await store({ expiresAt: new Date(app.clock.now() + DAY_SECONDS * 1000) });
    const kill = killAt(app, 1, when);
    const hold = () => send('PUT', `${id}/hold`, { reason: 'Claim 14' });
    expect((await hold()).status).toBe(500);
    expect(await stateOf(id)).toBe(when === 'before' ? 'ready' : 'held');
    kill.restart();
    expect(await hold()).toMatchObject({ status: 200, body: { state: 'held', heldFor: 'Claim 14' } });
    app.clock.advanceSeconds(2 * DAY_SECONDS);
    await passMinutes();
    expect([await stateOf(id), files().length]).toEqual(['held', 1]);
    const released = killAt(app, 1, when);
    expect((await send('DELETE', `${id}/hold`)).status).toBe(500);
    released.restart();
    if (when === 'before') expect(await send('DELETE', `${id}/hold`)).toMatchObject({ status: 200 });
    await passMinutes();
    expect([await stateOf(id), files()]).toEqual(['expired', []]);
  });
});
