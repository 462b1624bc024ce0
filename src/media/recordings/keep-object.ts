import type { Ctx } from '../../kernel/context/index.ts';
import {
  computeChecksum,
  openStore,
  type RecordingObject,
  type RecordingStore,
} from '../recording-objects/index.ts';
import type { RecordingToAdvance } from './recordings.queries.ts';
import { moveTo, type RecordingChange } from './recordings.rules.ts';
import { changeByObject, REFUSED_MS, UNVERIFIED_MS } from './report.rules.ts';

/** The checksum of an object that is there; null when its bytes cannot be read, which is no reason to take the file for lost. */
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

/** What the object changes; null when its bucket refuses to say. @throws what its storage throws */
async function readAndCompare(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingChange | null> {
  const { recording } = row;
  const nowMs = ctx.clock.now();
  const store = await openStore(ctx, { storage: recording.storage, bucket: row.bucket });
  if (!store) return moveTo(recording, 'failed', 'bucket_removed', nowMs);
  const answer = await store.find(recording.objectKey);
  if (answer === 'refused') return null;
  const change = changeByObject(recording, answer.object, nowMs);
  if (change.state !== 'ready') return change;
  return { ...change, checksum: await readChecksum(ctx, store, recording.objectKey, answer.object!) };
}

/**
 * Compares the object of a recording that has ended to what was reported, and reads its checksum.
 * @throws what its storage throws, until it is given up
 */
export async function verifyObject(ctx: Ctx, row: RecordingToAdvance): Promise<RecordingChange> {
  const { recording } = row;
  const nowMs = ctx.clock.now();
  const lastedMs = nowMs - recording.stateAt.getTime();
  const giveUp = () => moveTo(recording, 'failed', 'not_verified', nowMs);
  try {
    const change = await readAndCompare(ctx, row);
    if (change) return change;
  } catch (error) {
    if (lastedMs < UNVERIFIED_MS) throw error;
    return giveUp();
  }
  return lastedMs >= REFUSED_MS ? giveUp() : {};
}

/** Deletes the object; one that is not there is deleted. @throws what its storage throws */
export async function deleteObject(
  ctx: Ctx,
  { recording, bucket }: RecordingToAdvance,
): Promise<RecordingChange> {
  const store = await openStore(ctx, { storage: recording.storage, bucket });
  await store?.delete(recording.objectKey);
  const state = recording.deletionCause === 'expired' ? 'expired' : 'deleted';
  return { ...moveTo(recording, state, recording.reason, ctx.clock.now()), storedBytes: 0 };
}
