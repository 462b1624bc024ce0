import { beforeEach, describe, expect, it } from 'vitest';
import { eraseDeletedOrganizations } from '../../../src/identity/deleted-organizations/erase-organizations.ts';
import { ownerSql } from '../../contract/sql.ts';
import { sweepObjects } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';

const DAY_SECONDS = 86_400;
const app = createTestApp();
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;

beforeEach(async () => {
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
});

const send = (method: string, path: string, body?: unknown, { token } = owner) =>
  app.send(method, `/api/v1/rooms/${room.roomId}/recordings/${path}`, {
    token,
    ...(body === undefined ? {} : { body }),
  });
const hold = (id: string, reason = 'Claim 14', person = owner) =>
  send('PUT', `${id}/hold`, { reason }, person);
const sweepAfterDays = async (days: number) => {
  app.clock.advanceSeconds(days * DAY_SECONDS);
  owner = await withFreshToken(app, owner);
  await sweepObjects(app.services);
  await sweepObjects(app.services); // decided, then done
};

/** A recording that is ready, with its file in the bucket. */
async function store(row: { expiresAt?: Date; state?: 'ready' | 'failed' } = {}): Promise<string> {
  const { organizationId, roomId, callId, bucketId } = room;
  return insertRecording(app, { organizationId, roomId, callId, bucketId, ...row });
}
const expiry = () => new Date(app.clock.now() + DAY_SECONDS * 1000);

describe('a recording that is held', () => {
  it('is not deleted by people, says why, and can be deleted once it is released', async () => {
    const id = await store();
    expect(await hold(id)).toMatchObject({ status: 200, body: { state: 'held', heldFor: 'Claim 14' } });
    expect(await hold(id, 'Claim 15')).toMatchObject({ status: 200, body: { heldFor: 'Claim 15' } });
    expect(await send('DELETE', id)).toMatchObject({ status: 409, body: { code: 'recordings.held' } });
    expect(await send('DELETE', `${id}/hold`)).toMatchObject({
      status: 200,
      body: { state: 'ready', heldFor: null },
    });
    expect(await send('DELETE', id)).toMatchObject({ status: 204 });
  });

  it('outlasts its expiry, and expires when it is released', async () => {
    const id = await store({ expiresAt: expiry() });
    await hold(id);
    await sweepAfterDays(2);
    expect((await send('GET', id)).body.state).toBe('held');
    await send('DELETE', `${id}/hold`);
    await sweepAfterDays(0);
    expect((await send('GET', id)).body.state).toBe('expired');
  });

  it('stays with administrators when its room is deleted, and is released by them', async () => {
    const id = await store({ expiresAt: expiry() });
    await hold(id);
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const path = `/api/v1/rooms/${room.roomId}`;
    const { headers } = await app.send('GET', path, { token: owner.token });
    const ifMatch = { 'if-match': headers.get('etag')! };
    const deleted = await app.send('DELETE', path, { token: owner.token, headers: ifMatch });
    expect(deleted.status).toBe(204);
    expect((await app.send('GET', path, { token: owner.token })).status).toBe(404);
    expect((await send('GET', id, undefined, member)).body.code).toBe('rooms.not_found');
    expect(await send('GET', `${id}/download`)).toMatchObject({ status: 200 });
    await sweepAfterDays(2);
    expect(await send('DELETE', `${id}/hold`)).toMatchObject({ status: 200 });
    await sweepAfterDays(0);
    expect((await send('GET', id)).body.state).toBe('expired');
  });

  it('can be downloaded', async () => {
    const id = await store();
    await hold(id);
    expect(await send('GET', `${id}/download`)).toMatchObject({ status: 200 });
  });

  it('is in the audit log with the reasons, as a warning', async () => {
    const id = await store();
    await hold(id);
    await send('DELETE', `${id}/hold`);
    for (const action of ['recording.held', 'recording.released']) {
      const log = await app.send('GET', `/api/v1/audit/logs?action=${action}`, { token: owner.token });
      expect(log.body.data).toMatchObject([{ severity: 'warning' }]);
      expect(JSON.stringify(log.body.data)).toContain('Claim 14');
    }
  });
});

describe('an organization with a held recording', () => {
  const deleteOrganization = () =>
    app.send('DELETE', `/api/v1/organizations/${owner.organizationId}`, { token: owner.token });
  const storeInProduct = async () => {
    const { organizationId, roomId, callId } = room;
    return insertRecording(app, { organizationId, roomId, callId, storage: 'product', storedBytes: 1_000 });
  };

  it('in the storage of the product is not deleted before that is released', async () => {
    const id = await storeInProduct();
    await hold(id);
    expect(await deleteOrganization()).toMatchObject({ status: 409, body: { code: 'organizations.held' } });
    await send('DELETE', `${id}/hold`);
    expect((await deleteOrganization()).status).toBe(204);
  });

  it('that came to be held at the moment of the deletion is not erased', async () => {
    const id = await storeInProduct();
    expect((await deleteOrganization()).status).toBe(204);
    await ownerSql(`update recordings set state = 'held' where id = $1`, [id]);
    app.clock.advanceSeconds(31 * DAY_SECONDS);
    await eraseDeletedOrganizations(app.services);
    const { objects } = await app.objects.list(`recordings/${owner.organizationId}/`);
    const rows = await ownerSql('select state from recordings where id = $1', [id]);
    expect([rows, objects.length]).toEqual([[{ state: 'held' }], 1]);
    await ownerSql(`update recordings set state = 'ready' where id = $1`, [id]); // so that other tests erase it
  });

  it('in a bucket of its own is deleted: that file outlasts it', async () => {
    await hold(await store());
    expect((await deleteOrganization()).status).toBe(204);
  });
});

describe('a hold', () => {
  it('is for owners and admins, not for every moderator', async () => {
    const id = await store();
    const { organizationId } = owner;
    const admin = await app.person({ role: 'admin', organizationId });
    const member = await app.person({ role: 'member', organizationId });
    expect((await hold(id, 'Claim', member)).status).toBe(403);
    expect((await hold(id, 'Claim', admin)).status).toBe(200);
    expect((await send('DELETE', `${id}/hold`, undefined, member)).status).toBe(403);
  });

  it('is of a recording that is ready, and not of one that failed or is about to be deleted', async () => {
    const failed = await store({ state: 'failed' });
    expect(await hold(failed)).toMatchObject({ status: 409, body: { code: 'recordings.not_ready' } });
    const deleted = await store();
    await send('DELETE', deleted);
    expect(await hold(deleted)).toMatchObject({ status: 409, body: { code: 'recordings.not_ready' } });
  });

  it('and a deletion at the same moment exclude each other', async () => {
    const id = await store();
    const answers = await Promise.all([hold(id), send('DELETE', id)]);
    const { state } = (await send('GET', id)).body;
    const isHeld = answers[0].status === 200;
    expect(state).toBe(isHeld ? 'held' : 'ready');
    expect(answers[1].status === 204).toBe(!isHeld);
  });
});

describe('a file', () => {
  it('is deleted after the days for which it is kept', async () => {
    const body = { bucketId: room.bucketId, retentionSeconds: 3 * DAY_SECONDS };
    const path = `/api/v1/rooms/${room.roomId}/recordings`;
    const started = await app.send('POST', path, { token: owner.token, body });
    expect(started.body.expiresAt).toBe(new Date(app.clock.now() + 3 * DAY_SECONDS * 1000).toISOString());
    const id = await store({ expiresAt: expiry() });
    await sweepAfterDays(0.5);
    expect((await send('GET', id)).body.state).toBe('ready');
    await sweepAfterDays(0.5);
    expect((await send('GET', id)).body.state).toBe('expired');
  });
});
