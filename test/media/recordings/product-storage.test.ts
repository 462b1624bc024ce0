import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import { collectRecordingOrphans } from '../../../src/media/recording-erasure/collect-recording-orphans.ts';
import { sweepObjects, sweepRecordings } from '../../../src/media/recording-sweeps/sweep-recordings.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { eraseObjectsOf } from '../../../src/platform/objects/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { FakeRecorder } from '../../support/livekit/fake-recorder.ts';
import { forgetRecordings, insertRecording, PRODUCT_STORAGE } from '../../support/recordings.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { ownerSql } from '../../contract/sql.ts';

const app = createTestApp({}, PRODUCT_STORAGE);
const { objects, services } = app;
const { ports, config } = services;
app.storage.buckets.add(PRODUCT_STORAGE.RECORDINGS_S3_BUCKET);
app.storage.accounts.set(
  PRODUCT_STORAGE.RECORDINGS_S3_ACCESS_KEY_ID,
  PRODUCT_STORAGE.RECORDINGS_S3_SECRET_ACCESS_KEY,
);
const DAY_SECONDS = 86_400;
const RESERVED_BYTES = 100_000_000;
const BYTES = 'm'.repeat(1_000);
let recorder: FakeRecorder;
let owner: Person;
let roomId: string;
let callId: string;

const listPath = () => `/api/v1/rooms/${roomId}/recordings`;
const send = (method: string, path = '', body?: unknown, { token } = owner) =>
  app.send(method, `${listPath()}${path}`, { token, ...(body === undefined ? {} : { body }) });
const get = async (id: string) => (await send('GET', `/${id}`)).body;
const sweepAfter = async (seconds: number) => {
  app.clock.advanceSeconds(seconds);
  owner = await withFreshToken(app, owner);
  await sweepRecordings(services);
  await sweepObjects(services);
  await app.drain();
};
/** A recording that is verified, or failed to be. */
async function record(outcome?: { seconds?: number; written?: string | null }): Promise<string> {
  const answer = await send('POST', '', {});
  expect(answer).toMatchObject({ status: 201, body: { storage: 'product', bucketId: null } });
  await app.drain();
  await recorder.completeInProduct(objects, outcome);
  await sweepAfter(1);
  return answer.body.id;
}
const storedBytes = async () => {
  const [row] = await ownerSql<{ size_bytes: string }>(
    'select size_bytes from storage_totals where organization_id = $1',
    [owner.organizationId],
  );
  return Number(row?.size_bytes ?? 0);
};
const limitStorage = (bytes: number) =>
  ownerSql(`update organizations set limits = $2 where id = $1`, [
    owner.organizationId,
    JSON.stringify({ storage_bytes: bytes }),
  ]);
/** The path of a download address. */
const addressOf = async (id: string, person = owner): Promise<string> => {
  const { status, body } = await send('GET', `/${id}/download`, undefined, person);
  expect(status).toBe(200);
  return body.url.replace(config.PUBLIC_URL, '');
};
const proofs = () => [...objects.texts().keys()].filter((key) => key.startsWith('recordings/proof/'));
const storedKeys = async () => (await objects.list(`recordings/${owner.organizationId}/`)).objects;

/** What recorders write arrives in the product's storage, unless it is another bucket. */
let isSameBucket = true;
services.ports.outgoing = createOutgoing({
  resolver: { resolve: async () => ['93.184.216.34'] },
  fetcher: async (address, init) => {
    app.storage.region = address.includes('/recordings/proof/') ? 'auto' : createBucketExample.region;
    const answer = await app.storage.fetch(address, init);
    const [, bucket, key] = /^https:\/\/[^/]+\/([^/]+)\/(recordings\/proof\/.+)$/.exec(address) ?? [];
    const written = app.storage.objects.get(`${bucket}/${key}`);
    if (isSameBucket && written)
      await objects.put(key!, new TextDecoder().decode(written), { contentType: 'text/plain' });
    return answer;
  },
});

beforeEach(async () => {
  await forgetRecordings(app);
  isSameBucket = true;
  objects.failWhen(undefined);
  recorder = new FakeRecorder(app.storage, app.clock.now);
  ports.clusters = { ...ports.clusters, recorders: () => recorder };
  owner = await app.person();
  const { organizationId, token } = owner;
  const body = { name: 'Room', features: { recording: true } };
  roomId = (await app.send('POST', '/api/v1/rooms', { token, body })).body.id;
  callId = (await createCalls(app, [{ organizationId, roomId }]))[0]!.callId;
});

describe('a recording of an organization without a bucket', () => {
  it('is written, verified and counted in the storage of the product, downloaded there in ranges, and deleted', async () => {
    const id = await record();
    expect(recorder.buckets).toMatchObject([
      {
        endpoint: PRODUCT_STORAGE.RECORDINGS_S3_ENDPOINT,
        bucket: PRODUCT_STORAGE.RECORDINGS_S3_BUCKET,
        accessKeyId: PRODUCT_STORAGE.RECORDINGS_S3_ACCESS_KEY_ID,
      },
    ]);
    expect((await storedKeys()).map(({ key }) => key)).toEqual([
      `recordings/${owner.organizationId}/${callId}/${id}.mp4`,
    ]);
    const checksum = createHash('sha256').update(BYTES).digest('hex');
    expect(await get(id)).toMatchObject({ state: 'ready', sizeBytes: 1_000, checksum });
    expect(await storedBytes()).toBe(1_000);
    const path = await addressOf(id);
    const whole = await app.send('GET', path);
    expect(whole.status).toBe(200);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '1000',
      'accept-ranges': 'bytes',
      'content-disposition': expect.stringMatching(/^attachment; filename="recording-.*\.mp4"/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'private, no-cache',
    });
    const range = { headers: { range: 'bytes=990-' } };
    const part = await app.send('GET', `${path}?disposition=inline`, range);
    expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 990-999/1000']);
    expect(part.headers.get('content-disposition')).toMatch(/^inline/);
    expect(await send('DELETE', `/${id}`)).toMatchObject({ status: 204 });
    await app.drain();
    expect([await storedKeys(), await storedBytes()]).toEqual([[], 0]);
    expect((await app.send('GET', path)).body.code).toBe('recordings.not_found');
  });

  it('is refused when less is left of its storage than it is to count for at least, with those that run', async () => {
    await limitStorage(RESERVED_BYTES);
    const id = await record();
    expect(await get(id)).toMatchObject({ state: 'ready' });
    const refusedAt = (used: number) => ({
      status: 402,
      body: {
        code: 'billing.limit_reached',
        limit: { name: 'storage_bytes', value: RESERVED_BYTES, used },
      },
    });
    expect(await send('POST', '', {})).toMatchObject(refusedAt(1_000));
    const { organizationId } = owner;
    await insertRecording(app, {
      organizationId,
      roomId,
      callId,
      storage: 'product',
      state: 'active',
      subject: 'TR_1',
      sizeBytes: null,
    });
    expect(await send('POST', '', {})).toMatchObject(refusedAt(RESERVED_BYTES + 1_000));
  });

  it('is stopped a gigabyte beyond the storage of its organization, as far as that is estimated, and kept', async () => {
    await limitStorage(RESERVED_BYTES);
    const { body } = await send('POST', '', {});
    await app.drain();
    recorder.recordings.at(-1)!.status = 'active';
    await sweepAfter(2_700);
    expect(await get(body.id)).toMatchObject({ state: 'active', stopReason: null });
    await sweepAfter(300);
    expect(await get(body.id)).toMatchObject({ stopReason: 'storage_full' });
    await recorder.completeInProduct(objects);
    await sweepAfter(1);
    expect(await get(body.id)).toMatchObject({ state: 'ready', stopReason: 'storage_full' });
  });

  it('is refused while what recorders write does not arrive where the product reads, which is proven once a day', async () => {
    for (const key of proofs()) await objects.delete([key]);
    isSameBucket = false;
    expect(await send('POST', '', {})).toMatchObject({
      status: 409,
      body: { code: 'recordings.no_storage' },
    });
    expect(app.log.map(({ event }) => event)).toContain('recordings.storage_not_proven');
    app.storage.fault = 'overloaded';
    expect(await send('POST', '', {})).toMatchObject({ status: 503, body: { code: 'server.unavailable' } });
    app.storage.fault = null;
    isSameBucket = true;
    expect(await send('POST', '', {})).toMatchObject({ status: 201 });
    const requests = app.storage.requests.length;
    await app.drain();
    await recorder.completeInProduct(objects);
    await sweepAfter(1);
    expect(await send('POST', '', {})).toMatchObject({ status: 201 });
    expect(app.storage.requests.length).toBe(requests);
    await sweepAfter(DAY_SECONDS + 60);
    await collectRecordingOrphans(services);
    expect(proofs()).toEqual([]);
  });

  it('is refused where the product has no storage for it, and fails when that goes before it begins', async () => {
    const { RECORDINGS_S3_ENDPOINT } = config;
    const { body } = await send('POST', '', {});
    config.RECORDINGS_S3_ENDPOINT = undefined;
    try {
      await app.drain();
      expect(await get(body.id)).toMatchObject({ state: 'failed', reason: 'no_storage' });
      expect(await send('POST', '', {})).toMatchObject({
        status: 409,
        body: { code: 'recordings.no_storage' },
      });
    } finally {
      config.RECORDINGS_S3_ENDPOINT = RECORDINGS_S3_ENDPOINT;
    }
  });

  it.each([
    [{ written: null }, 'object_missing'],
    [{ written: 'short' }, 'size_differs'],
    [{ seconds: 0 }, 'duration_differs'],
  ])(
    'that ends with %j has failed: %s. Neither storage nor duration is charged, and its bytes go after a day',
    async (outcome, reason) => {
      const id = await record(outcome);
      expect(await get(id)).toMatchObject({ state: 'failed', reason });
      expect(await storedBytes()).toBe(0);
      const used = await ownerSql(
        `select from usage_events where organization_id = $1 and meter = 'recording_minutes' and quantity > 0`,
        [owner.organizationId],
      );
      expect(used).toHaveLength(0);
      app.clock.advanceSeconds(DAY_SECONDS + 60);
      await collectRecordingOrphans(services);
      expect(await storedKeys()).toEqual([]);
    },
  );

  it('is verified again while the storage fails', async () => {
    const { body } = await send('POST', '', {});
    objects.failWhen((call) => call === 'head');
    await app.drain();
    await recorder.completeInProduct(objects);
    await sweepAfter(60);
    expect((await get(body.id)).state).toBe('verifying');
    objects.failWhen(undefined);
    await sweepAfter(120);
    expect((await get(body.id)).state).toBe('ready');
  });
});

it('an organization whose buckets do not work records nowhere else', async () => {
  const { token } = owner;
  const bucket = await app.send('POST', '/api/v1/buckets', { token, body: createBucketExample });
  app.storage.fault = 'denies_PUT';
  await app.send('POST', `/api/v1/buckets/${bucket.body.id}/test`, { token });
  app.storage.fault = null;
  expect(await send('POST', '', {})).toMatchObject({
    status: 409,
    body: { code: 'recordings.bucket_failing' },
  });
  await app.send('POST', `/api/v1/buckets/${bucket.body.id}/test`, { token });
  expect(await send('POST', '', {})).toMatchObject({
    status: 201,
    body: { storage: 'bucket', bucketId: bucket.body.id },
  });
});

it('an organization that removes its last bucket records nowhere, until it lets the product store', async () => {
  const { token, organizationId } = owner;
  const bucket = await app.send('POST', '/api/v1/buckets', { token, body: createBucketExample });
  await app.send('DELETE', `/api/v1/buckets/${bucket.body.id}`, { token });
  expect(await send('POST', '', {})).toMatchObject({ status: 409, body: { code: 'recordings.no_storage' } });
  const path = `/api/v1/organizations/${organizationId}`;
  expect((await app.send('GET', path, { token })).body.settings.recordingStorage).toBe('bucket');
  await app.send('PATCH', path, { token, body: { settings: { recordingStorage: 'product' } } });
  expect(await send('POST', '', {})).toMatchObject({ status: 201, body: { storage: 'product' } });
});

it('a recording whose reading for the checksum was cut off for ten minutes is ready without one', async () => {
  const { organizationId } = owner;
  const stateAt = new Date(app.clock.now() - 599_000);
  const checksumBegunAt = new Date(app.clock.now() - 60_000);
  const times = { startedAt: stateAt, stateAt, checksumBegunAt };
  const place = { organizationId, roomId, callId, storage: 'product', state: 'verifying' } as const;
  const id = await insertRecording(app, { ...place, ...times });
  const { get: read, head } = objects;
  // As recorders leave it: they send no checksum.
  objects.head = async (...values) => {
    const found = await head.apply(objects, values);
    return found && { ...found, checksum: null };
  };
  let reads = 0;
  objects.get = (...values) => {
    reads++;
    return read.apply(objects, values);
  };
  app.clock.advanceSeconds(1);
  try {
    await sweepObjects(services);
  } finally {
    Object.assign(objects, { get: read, head });
  }
  expect([reads, await get(id)]).toMatchObject([0, { state: 'ready', checksum: null, sizeBytes: 1_000 }]);
});

it('two runs at the same moment read the bytes of a recording once', async () => {
  const { organizationId } = owner;
  const id = await insertRecording(app, {
    organizationId,
    roomId,
    callId,
    storage: 'product',
    state: 'verifying',
    startedAt: new Date(app.clock.now() - 60_000),
  });
  await sweepObjects(services);
  expect((await get(id)).state).toBe('verifying'); // left to the subscriber
  app.clock.advanceSeconds(120);
  const { get: read, head } = objects;
  // As recorders leave it: they send no checksum.
  objects.head = async (...values) => {
    const found = await head.apply(objects, values);
    return found && { ...found, checksum: null };
  };
  let reads = 0;
  objects.get = async (...values) => {
    if (++reads === 1) await sweepObjects(services);
    return read.apply(objects, values);
  };
  try {
    await sweepObjects(services);
  } finally {
    Object.assign(objects, { get: read, head });
  }
  owner = await withFreshToken(app, owner);
  expect([reads, (await get(id)).state]).toEqual([1, 'ready']);
});

describe('a download address', () => {
  const insert = (row: object = {}) =>
    insertRecording(app, {
      organizationId: owner.organizationId,
      roomId,
      callId,
      storage: 'product',
      storedBytes: 1_000,
      ...row,
    });

  it('works for an hour', async () => {
    const path = await addressOf(await insert());
    app.clock.advanceSeconds(3_601);
    expect(await app.send('GET', path)).toMatchObject({
      status: 410,
      body: { code: 'recordings.url_expired' },
    });
  });

  it.each([
    [
      'is suspended',
      (admin: Person) =>
        ownerSql(`update members set status = 'suspended' where user_id = $1 and organization_id = $2`, [
          admin.userId,
          owner.organizationId,
        ]),
    ],
    [
      'becomes a member who does not moderate',
      (admin: Person) =>
        ownerSql(`update members set role = 'member' where user_id = $1 and organization_id = $2`, [
          admin.userId,
          owner.organizationId,
        ]),
    ],
  ])('dies when its holder %s', async (_what, change) => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const path = await addressOf(await insert(), admin);
    expect((await app.send('GET', path)).status).toBe(200);
    await change(admin);
    expect(await app.send('GET', path)).toMatchObject({
      status: 404,
      body: { code: 'recordings.not_found' },
    });
  });

  it('is refused for a file that is not the one that was verified, and serves none', async () => {
    const id = await insert({ etag: '"verified"' });
    expect(await send('GET', `/${id}/download`)).toMatchObject({
      status: 409,
      body: { code: 'recordings.not_stored' },
    });
    await ownerSql('update recordings set etag = null where id = $1', [id]);
    const path = await addressOf(id);
    const keys = (await storedKeys()).map(({ key }) => key);
    // It vanishes after it was looked at, and before it is read.
    objects.failWhen((call, key) => {
      if (call === 'get') objects.tamper(key, undefined);
      return false;
    });
    expect(await app.send('GET', path)).toMatchObject({
      status: 409,
      body: { code: 'recordings.not_stored' },
    });
    objects.failWhen(undefined);
    await objects.delete(keys);
    expect(await app.send('GET', path)).toMatchObject({
      status: 409,
      body: { code: 'recordings.not_stored' },
    });
  });

  it('of an organization that was deleted serves nothing', async () => {
    const path = await addressOf(await insert());
    await ownerSql('update organizations set deleted_at = now() where id = $1', [owner.organizationId]);
    expect((await app.send('GET', path)).status).toBe(404);
  });

  it('is noted, once a day', async () => {
    const id = await insert();
    const read = () => ownerSql('select opened_at from recording_openings where recording_id = $1', [id]);
    expect(await read()).toEqual([]);
    await addressOf(id);
    const [first] = await read();
    expect(first).toBeDefined();
    app.clock.advanceSeconds(600);
    owner = await withFreshToken(app, owner);
    await addressOf(id);
    expect(await read()).toEqual([first]);
  });

  it('counts what is downloaded', async () => {
    await app.send('GET', await addressOf(await insert()));
    const [row] = await ownerSql('select downloaded_bytes from storage_totals where organization_id = $1', [
      owner.organizationId,
    ]);
    expect(row).toEqual({ downloaded_bytes: '1000' });
  });
});

describe('what nothing names any more', () => {
  const collectAfterDays = async (days: number) => {
    app.clock.advanceSeconds(days * DAY_SECONDS);
    owner = await withFreshToken(app, owner);
    await collectRecordingOrphans(services);
  };

  it('is collected after a day: of a recording whose row is gone, and what a recorder left of one that failed', async () => {
    const { organizationId } = owner;
    const row = { organizationId, roomId, callId, storage: 'product' } as const;
    const ready = await insertRecording(app, { ...row, storedBytes: 1_000 });
    await insertRecording(app, { ...row, state: 'failed' });
    const gone = `recordings/${organizationId}/${callId}/${services.ids.create('recording')}.mp4`;
    await objects.put(gone, BYTES, { contentType: 'video/mp4' });
    await collectAfterDays(0.9);
    expect(await storedKeys()).toHaveLength(3);
    await collectAfterDays(0.2);
    expect((await storedKeys()).map(({ key }) => key)).toEqual([
      `recordings/${organizationId}/${callId}/${ready}.mp4`,
    ]);
  });

  it('goes with an erased organization', async () => {
    await record();
    await eraseObjectsOf(objects, owner.organizationId);
    expect(await storedKeys()).toEqual([]);
    await ownerSql('delete from recordings where organization_id = $1', [owner.organizationId]);
    expect(await storedBytes()).toBe(0);
  });
});

it.each(['before', 'after'] as const)(
  'a process that is killed %s any of its commits loses no recording, and counts its bytes once',
  async (when) => {
    const { commit } = services.database;
    for (let step = 1; step <= 5; step++) {
      owner = await app.person();
      const { organizationId, token } = owner;
      const body = { name: 'Room', features: { recording: true } };
      roomId = (await app.send('POST', '/api/v1/rooms', { token, body })).body.id;
      await createCalls(app, [{ organizationId, roomId }]);
      const { body: asked } = await send('POST', '', {});
      let count = 0;
      services.database.commit = async (...values: Parameters<typeof commit>) => {
        const isKilled = ++count === step;
        if (isKilled && when === 'before') throw new Error('killed');
        const outcome = await commit.call(services.database, ...values);
        if (isKilled) throw new Error('killed');
        return outcome;
      };
      const pass = async () => {
        app.clock.advanceSeconds(20);
        await app.drain().catch(() => undefined);
        await sweepRecordings(services).catch(() => undefined);
        await sweepObjects(services).catch(() => undefined);
      };
      for (let minute = 0; minute < 3; minute++) await pass();
      await recorder.completeInProduct(objects);
      for (let minute = 0; minute < 3; minute++) await pass();
      services.database.commit = commit;
      await pass();
      app.clock.advanceSeconds(120);
      await pass();
      owner = await withFreshToken(app, owner);
      expect([step, count >= step, (await get(asked.id)).state]).toEqual([step, true, 'ready']);
      expect([await storedBytes(), (await storedKeys()).length]).toEqual([1_000, 1]);
    }
  },
);
