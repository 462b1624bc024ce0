import type { Config } from '../../kernel/config/index.ts';
import type { Room } from '../../rooms/rooms/index.ts';
import { type Bucket, bucketErrors } from '../buckets/index.ts';
import { productBucketOf, type RecordingLocation } from '../recording-objects/index.ts';
import { recordingErrors } from '../recordings/index.ts';

/** A bucket of the organization, if it has one, with its settings. */
export interface FoundStorage {
  bucket: Bucket | null;
  settings: { recordingStorage?: 'bucket' | 'product' };
}

/** The kind of automatic recording in a room: the room decides, unless it leaves that to the organization. */
export const automaticKindOf = (
  { automaticRecording }: Pick<Room, 'automaticRecording'>,
  { automaticRecording: ofOrganization = 'off' }: { automaticRecording?: 'off' | 'composite' | 'audio' },
) => (automaticRecording === 'organization' ? ofOrganization : automaticRecording);

/**
 * Where a recording is stored: in the requested bucket, else in the oldest one that works; by the product only for an
 * organization without buckets whose setting allows it. So recordings of an organization that has, or had, a bucket are
 * never stored elsewhere.
 * @param found the buckets of the organization, the oldest first, with its settings
 * @throws AppError `buckets.not_found`, `recordings.bucket_failing` or `recordings.no_storage`
 */
export function chooseStorage(
  config: Config,
  found: readonly FoundStorage[],
  bucketId: string | undefined,
): RecordingLocation {
  const buckets = found.flatMap(({ bucket }) => bucket ?? []);
  const candidates = buckets.filter(({ id }) => bucketId === undefined || id === bucketId);
  const bucket = candidates.find(({ status }) => status === 'working');
  if (bucket) return { storage: 'bucket', bucket };
  if (candidates.length > 0) throw recordingErrors.bucketFailing();
  if (bucketId !== undefined) throw bucketErrors.notFound();
  const isOpenToProduct = found.some(({ settings }) => settings.recordingStorage !== 'bucket');
  if (!isOpenToProduct || !productBucketOf(config)) throw recordingErrors.noStorage();
  return { storage: 'product', bucket: null };
}
