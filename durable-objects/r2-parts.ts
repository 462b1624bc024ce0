import { hex } from '../src/kernel/core/index.ts';
import type { PartStore } from '../src/media/uploads/index.ts';

/** Parts of objects on R2. */
export function createR2Parts(bucket: R2Bucket): PartStore {
  const resume = (key: string, uploadId: string) => bucket.resumeMultipartUpload(key, uploadId);
  return {
    async begin(key, contentType) {
      return (await bucket.createMultipartUpload(key, { httpMetadata: { contentType } })).uploadId;
    },
    putPart: async (key, uploadId, number, bytes) =>
      (await resume(key, uploadId).uploadPart(number, bytes)).etag,
    async complete(key, uploadId, tags) {
      await resume(key, uploadId).complete(tags.map((etag, index) => ({ partNumber: index + 1, etag })));
    },
    abort: (key, uploadId) => resume(key, uploadId).abort(),
    async putWhole(key, bytes, contentType) {
      const sha256 = await crypto.subtle.digest('SHA-256', bytes);
      await bucket.put(key, bytes, { httpMetadata: { contentType }, sha256 });
      return hex(new Uint8Array(sha256));
    },
    async sizeOf(key) {
      return (await bucket.head(key))?.size ?? null;
    },
  };
}
