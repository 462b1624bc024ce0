import type { Ctx } from '../../kernel/context/index.ts';
import {
  computeChecksum,
  openStore,
  type RecordingObject,
  type RecordingStore,
} from '../recording-objects/index.ts';
import type { RecordingStep } from './record-at-cluster.ts';
import { changeRecording, type RecordingToAdvance } from './recordings.queries.ts';
import { moveTo, type RecordingChange } from './recordings.rules.ts';
import type { Recording } from './recordings.tables.ts';
import {
  changeByObject,
  isChecksumBegun,
  isChecksumGivenUp,
  REFUSED_MS,
  UNVERIFIED_MS,
} from './report.rules.ts';

/** The checksum of an existing object; null when its bytes cannot be read, which does not mean that the file is lost. */
async function readChecksum(
  ctx: Ctx,
  store: RecordingStore,
  key: string,
  object: RecordingObject,
): Promise<string | null> {
  try {
    return await computeChecksum(ctx, store, key, object);
  } catch (error) {
    ctx.log.warn('recordings.checksum_not_read', { key, sizeBytes: object.sizeBytes, error });
    return null;
  }
}

/** Reserves the reading of the bytes, so that no second run does the same. @throws AppError `request.stale` */
function claimReading(ctx: Ctx, recording: Recording): Promise<Recording> {
  const set = { checksumBegunAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeRecording(q, recording, set)],
    result: { ...recording, ...set, version: recording.version + 1 },
  });
}

/** What the stored object changes of its recording; null when the bucket refuses to answer. @throws errors of the storage */
async function readAndCompare(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingStep | null> {
  const { recording } = row;
  const nowMs = ctx.clock.now();
  const store = await openStore(ctx, { storage: recording.storage, bucket: row.bucket });
  if (!store) return { recording, change: moveTo(recording, 'failed', 'bucket_removed', nowMs) };
  const answer = await store.find(recording.objectKey);
  if (answer === 'refused') return null;
  const { object } = answer;
  const change = changeByObject(recording, object, nowMs);
  const isKnown = object?.checksum != null || (object?.sizeBytes ?? 0) > store.mostHashedBytes;
  if (change.state !== 'ready' || !object || isKnown) return { recording, change };
  if (isChecksumBegun(recording, nowMs)) return { recording, change: {} };
  if (isChecksumGivenUp(recording, nowMs)) return { recording, change };
  const claimed = await claimReading(ctx, recording);
  const checksum = await readChecksum(ctx, store, recording.objectKey, object);
  return { recording: claimed, change: { ...change, checksum } };
}

/**
 * Compares the object of a recording that has ended to what was reported, and reads its checksum.
 * @throws what its storage throws, until it is given up; `request.stale` when another run does the same
 */
export async function verifyObject(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingStep> {
  const { recording } = row;
  const nowMs = ctx.clock.now();
  const lastedMs = nowMs - recording.stateAt.getTime();
  const giveUp = () => ({ recording, change: moveTo(recording, 'failed', 'not_verified', nowMs) });
  try {
    const step = await readAndCompare(ctx, row);
    if (step) return step;
  } catch (error) {
    if (lastedMs < UNVERIFIED_MS) throw error;
    return giveUp();
  }
  return lastedMs >= REFUSED_MS ? giveUp() : { recording, change: {} };
}

/** Deletes the object; a missing object counts as deleted. @throws what its storage throws */
export async function deleteObject(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  const store = await openStore(ctx, { storage: recording.storage, bucket });
  await store?.delete(recording.objectKey);
  const state = recording.deletionCause === 'expired' ? 'expired' : 'deleted';
  return { ...moveTo(recording, state, recording.reason, ctx.clock.now()), storedBytes: 0 };
}
