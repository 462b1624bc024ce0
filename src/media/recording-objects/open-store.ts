import type { Ctx } from '../../kernel/context/index.ts';
import { type Bucket, type BucketAccess, openForRecorder } from '../buckets/index.ts';
import { openBucketStore } from './bucket-store.ts';
import { createProductStore, productBucketOf } from './product-store.ts';
import type { RecordingStore } from './recording-objects.ports.ts';

/** Where a recording is stored: in a bucket of its organization, or by the product. */
export const RECORDING_STORAGES = ['bucket', 'product'] as const;
export type RecordingStorage = (typeof RECORDING_STORAGES)[number];

/** Where a recording is stored, with its bucket; null after that was removed. */
export interface RecordingLocation {
  storage: RecordingStorage;
  bucket: Bucket | null;
}

/** The storage of a recording. @returns null when its bucket was removed @throws VaultError when its secret cannot be decrypted */
export async function openStore(
  ctx: Ctx,
  { storage, bucket }: RecordingLocation,
): Promise<RecordingStore | null> {
  if (storage === 'product') return createProductStore(ctx);
  return bucket ? openBucketStore(ctx, bucket) : null;
}

/**
 * What a recorder needs to write an object.
 * @returns null when that storage no longer exists
 * @throws VaultError as `openStore`, and AppError `outgoing.*` when the address of the bucket is not allowed
 */
export async function openStoreForRecorder(
  ctx: Ctx,
  { storage, bucket }: RecordingLocation,
  key: string,
): Promise<BucketAccess | null> {
  if (storage === 'product') return productBucketOf(ctx.config);
  return bucket ? openForRecorder(ctx, bucket, key) : null;
}
