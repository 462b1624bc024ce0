import type { Config } from '../../kernel/config/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors } from '../../kernel/core/index.ts';
import { objectKey } from '../../platform/objects/index.ts';
import type { BucketAccess } from '../buckets/index.ts';
import type { RecordingStore } from './recording-objects.ports.ts';

/** The kind of recordings in object storage. */
export const RECORDINGS_KIND = 'recordings';
const MOST_HASHED_BYTES = 2 * 1024 * 1024 * 1024;

/** The key, in the storage of the product, of an object that a recorder is to write. */
export const productKey = (organizationId: string, callId: string, name: string): string =>
  objectKey(RECORDINGS_KIND, organizationId, callId, name);

/** The S3 side of the product's storage, for recorders; null where the operator has configured none. */
export function productBucketOf(config: Config): BucketAccess | null {
  const {
    RECORDINGS_S3_ENDPOINT: endpoint,
    RECORDINGS_S3_BUCKET: bucket = '',
    RECORDINGS_S3_ACCESS_KEY_ID: accessKeyId = '',
    RECORDINGS_S3_SECRET_ACCESS_KEY: secretAccessKey = '',
  } = config;
  // R2 takes `auto` for every region.
  return endpoint
    ? { endpoint, bucket, accessKeyId, secretAccessKey, region: 'auto', prefix: '', pathStyle: true }
    : null;
}

/** The objects in the storage of the product. */
export function createProductStore({ ports: { objects } }: Ctx): RecordingStore {
  return {
    mostHashedBytes: MOST_HASHED_BYTES,
    pieceBytes: MOST_HASHED_BYTES,
    find: async (key) => ({ object: await objects.head(key) }),
    async read(key, range) {
      const object = await objects.get(key, range);
      if (!object) throw serverErrors.unavailable({ detail: `${key} is not in object storage` });
      return object.body;
    },
    delete: (key) => objects.delete([key]),
  };
}
