import { createBucketExample } from '../../src/media/buckets/buckets.schemas.ts';
import { recordings } from '../../src/media/recordings/recordings.tables.ts';
import { announcedRecordings } from '../../src/rooms/recording-consents/recording-consents.tables.ts';
import { systemScope } from '../../src/kernel/context/index.ts';
import type { Person, TestApp } from './app.ts';
import { createCalls } from './calls.ts';

/** The configuration of an operator who has storage for recordings. */
export const PRODUCT_STORAGE = {
  RECORDINGS_S3_ENDPOINT: 'https://account.r2.example',
  RECORDINGS_S3_BUCKET: 'auralink-recordings',
  RECORDINGS_S3_ACCESS_KEY_ID: 'RECORDER',
  RECORDINGS_S3_SECRET_ACCESS_KEY: 'a secret of recorders',
};

type RecordingRow = typeof recordings.$inferInsert;

/** Does what is pending and forgets all recordings, so that what was recorded before concerns no recorder of later tests. */
export async function forgetRecordings(app: TestApp): Promise<void> {
  await app.drain();
  await app.services.database.commit(systemScope, (q) => [q.delete(recordings)]);
}

/** Inserts a recording of a call as it is once its file was verified, unless `row` says otherwise. */
export async function insertRecording(
  app: TestApp,
  row: Pick<RecordingRow, 'organizationId' | 'roomId' | 'callId'> & Partial<RecordingRow>,
): Promise<string> {
  const { ids, clock, database, ports } = app.services;
  const id = ids.create('recording');
  const now = new Date(clock.now());
  const defaults = {
    id,
    cluster: ports.clusters.names[0]!,
    kind: 'composite',
    subject: '',
    state: 'ready',
    objectKey:
      row.storage === 'product'
        ? `recordings/${row.organizationId}/${row.callId}/${id}.mp4`
        : `auralink/${id}.mp4`,
    sizeBytes: 1_000,
    durationMs: 60_000,
    requestedBy: 'usr_1',
    startedAt: now,
    endedAt: now,
    stateAt: now,
    createdAt: now,
    updatedAt: now,
  } as const;
  const inserted = { ...defaults, ...row };
  await database.commit(systemScope, (q) => [q.insert(recordings).values(inserted)]);
  const bytes = new Uint8Array(inserted.sizeBytes ?? 0);
  if (inserted.storage === 'product')
    await app.objects.put(inserted.objectKey, bytes, { contentType: 'video/mp4' });
  else app.storage.objects.set(`${createBucketExample.bucket}/${inserted.objectKey}`, bytes);
  return id;
}

/** Inserts a recording that waits until everybody in the call has agreed. */
export async function insertWaitingRecording(
  app: TestApp,
  row: Pick<RecordingRow, 'organizationId' | 'roomId' | 'callId'>,
): Promise<void> {
  const { clock, database } = app.services;
  const createdAt = new Date(clock.now());
  const consentDueAt = new Date(clock.now() + 120_000);
  const recordingId = await insertRecording(app, { ...row, state: 'requested', consentDueAt });
  const { organizationId, callId } = row;
  const announcement = { recordingId, organizationId, callId, consentRequired: true, createdAt };
  await database.commit(systemScope, (q) => [q.insert(announcedRecordings).values(announcement)]);
}

/** A recording of a room in the storage of the product, large enough to be compressed. */
export function insertCompressibleRecording(
  app: TestApp,
  { organizationId, roomId, callId }: Pick<RecordingRow, 'organizationId' | 'roomId' | 'callId'>,
): Promise<string> {
  const row = { organizationId, roomId, callId, storage: 'product', sizeBytes: 11_000 } as const;
  return insertRecording(app, { ...row, storedBytes: row.sizeBytes });
}

/** A room of somebody with recordings switched on, an active call in it, and a bucket of theirs. */
export async function createRecordableRoom(
  app: TestApp,
  { token, organizationId }: Person,
  identities: readonly string[] = [],
) {
  const post = async (path: string, body: unknown) => (await app.send('POST', path, { token, body })).body.id;
  const roomId: string = await post('/api/v1/rooms', { name: 'Room', features: { recording: true } });
  const bucketId: string = await post('/api/v1/buckets', createBucketExample);
  const [call] = await createCalls(app, [
    { organizationId, roomId, participants: identities.map((identity) => ({ identity })) },
  ]);
  return { organizationId, roomId, bucketId, callId: call!.callId };
}
