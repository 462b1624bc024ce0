import { createHash } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { computeChecksum, type RecordingStore } from '../../../src/media/recording-objects/index.ts';
import { sweepObjects } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createRecordableRoom, insertRecording } from '../../support/recordings.ts';

const app = createTestApp();
const { storage, services } = app;
let owner: Person;
let room: Awaited<ReturnType<typeof createRecordableRoom>>;
let id: string;

const get = (path = '') =>
  app.send('GET', `/api/v1/rooms/${room.roomId}/recordings/${id}${path}`, { token: owner.token });
const objectPath = () => `${createBucketExample.bucket}/auralink/${id}.mp4`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const reads = () => storage.requests.filter((each) => each.startsWith('GET') && each.includes(id));

beforeEach(async () => {
  storage.hasChecksums = true;
  owner = await app.person();
  room = await createRecordableRoom(app, owner);
  const { organizationId, roomId, callId, bucketId } = room;
  const startedAt = new Date(app.clock.now() - 60_000);
  const row = { organizationId, roomId, callId, bucketId, startedAt };
  id = await insertRecording(app, {
    ...row,
    state: 'verifying',
    stateAt: new Date(app.clock.now() - 180_000),
  });
});

it('the checksum of a recording is the one that its bucket says, and nothing is read for it', async () => {
  await sweepObjects(services);
  expect((await get()).body).toMatchObject({ state: 'ready', checksum: sha256(new Uint8Array(1_000)) });
  expect(reads()).toEqual([]);
});

it('where its bucket says no checksum its bytes are read', async () => {
  storage.hasChecksums = false;
  await sweepObjects(services);
  expect((await get()).body).toMatchObject({ state: 'ready', checksum: sha256(new Uint8Array(1_000)) });
  expect(reads()).toHaveLength(1);
});

it('a file whose bytes cannot be read for it is ready without a checksum', async () => {
  storage.hasChecksums = false;
  storage.fault = 'denies_GET';
  await sweepObjects(services);
  storage.fault = null;
  expect((await get()).body).toMatchObject({ state: 'ready', checksum: null });
});

it('a file that was changed in its bucket since is not given out', async () => {
  await sweepObjects(services);
  expect((await get('/download')).status).toBe(200);
  storage.objects.set(objectPath(), new Uint8Array(1_000).fill(1));
  expect(await get('/download')).toMatchObject({ status: 409, body: { code: 'recordings.not_stored' } });
  storage.objects.delete(objectPath());
  expect(await get('/download')).toMatchObject({ status: 409, body: { code: 'recordings.not_stored' } });
});

it('a bucket that does not answer gives no address, and says so', async () => {
  await sweepObjects(services);
  storage.fault = 'resets';
  const answer = await get('/download');
  storage.fault = null;
  expect(answer).toMatchObject({ status: 502, body: { code: 'outgoing.unreachable' } });
});

it('an object that is too large, or takes too long, is not read to its end for its checksum', async () => {
  let pieces = 0;
  const store = {
    mostHashedBytes: 1_000,
    pieceBytes: 100,
    read: async () => {
      pieces++;
      app.clock.advanceSeconds(10);
      return new Blob([new Uint8Array(100)]).stream();
    },
  } as unknown as RecordingStore;
  const compute = (sizeBytes: number) =>
    runAsSystem(services, 'test', null, (ctx) =>
      computeChecksum(ctx, store, 'key', { sizeBytes, etag: null, checksum: null }),
    );
  expect([await compute(1_001), pieces]).toEqual([null, 0]);
  expect([await compute(1_000), pieces]).toEqual([null, 2]);
  expect(await compute(100)).toBe(sha256(new Uint8Array(100)));
});
