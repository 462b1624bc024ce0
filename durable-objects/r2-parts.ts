import { hex } from '../src/kernel/core/index.ts';
import type { PartStore } from '../src/media/uploads/index.ts';

/** Parts of objects on R2, each in the bucket of its key. */
export function createR2Parts(bucketOf: (key: string) => R2Bucket): PartStore {
  const resume = (key: string, uploadId: string) => bucketOf(key).resumeMultipartUpload(key, uploadId);
  return {
    async begin(key, contentType) {
      return (await bucketOf(key).createMultipartUpload(key, { httpMetadata: { contentType } })).uploadId;
    },
    putPart: async (key, uploadId, number, bytes) =>
      (await resume(key, uploadId).uploadPart(number, bytes)).etag,
    async complete(key, uploadId, tags) {
      await resume(key, uploadId).complete(tags.map((etag, index) => ({ partNumber: index + 1, etag })));
    },
    abort: (key, uploadId) => resume(key, uploadId).abort(),
    async putWhole(key, bytes, contentType) {
      const sha256 = await crypto.subtle.digest('SHA-256', bytes);
      await bucketOf(key).put(key, bytes, { httpMetadata: { contentType }, sha256 });
      return hex(new Uint8Array(sha256));
    },
    async sizeOf(key) {
      return (await bucketOf(key).head(key))?.size ?? null;
    },
  };
}
