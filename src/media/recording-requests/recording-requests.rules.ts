import { bucketErrors, type Bucket } from '../buckets/index.ts';
import type { RecordingLocation } from '../recording-objects/index.ts';
import { recordingErrors } from '../recordings/index.ts';

/**
 * Where a recording is stored: in the bucket that was asked for, else in the oldest one that works, and by the product only for an
 * organization without buckets. One that has its own never finds its recordings elsewhere, because these do not work.
 * @param buckets of the organization, the oldest first
 * @throws AppError `buckets.not_found`, `recordings.bucket_failing` or `recordings.no_storage`
 */
export function chooseStorage(
  buckets: readonly Bucket[],
  { bucketId, hasProductStorage }: { bucketId: string | undefined; hasProductStorage: boolean },
): RecordingLocation {
  const candidates = buckets.filter(({ id }) => bucketId === undefined || id === bucketId);
  const bucket = candidates.find(({ status }) => status === 'working');
  if (bucket) return { storage: 'bucket', bucket };
  if (candidates.length > 0) throw recordingErrors.bucketFailing();
  if (bucketId !== undefined) throw bucketErrors.notFound();
  if (!hasProductStorage) throw recordingErrors.noStorage();
  return { storage: 'product', bucket: null };
}
