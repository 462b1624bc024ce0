import type { Ctx } from '../../kernel/context/index.ts';
import { hex, serverErrors } from '../../kernel/core/index.ts';
import { type Bucket, openBucket, sendToBucket } from '../buckets/index.ts';
import type { RecordingStore } from './recording-objects.ports.ts';

/** Held in memory while it arrives. */
const PIECE_BYTES = 8 * 1024 * 1024;
/** Reading costs the customer: of larger objects only what their bucket says about the checksum is known. */
const MOST_HASHED_BYTES = 256 * 1024 * 1024;
const SHA256_BYTES = 32;

const unavailable = (status: number) => serverErrors.unavailable({ detail: `the bucket answered ${status}` });

/** A checksum as S3 writes it. @returns null for none, and for that of an upload in parts, which is no SHA-256 of the bytes */
function parseChecksum(header: string | null): string | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(header ?? '')) return null;
  const bytes = Uint8Array.from(atob(header!), (char) => char.charCodeAt(0));
  return bytes.length === SHA256_BYTES ? hex(bytes) : null;
}

/** The objects in a bucket of a customer, by signed requests. @throws VaultError as `openBucket` */
export async function openBucketStore(ctx: Ctx, bucket: Bucket): Promise<RecordingStore> {
  const access = await openBucket(ctx, bucket);
  return {
    mostHashedBytes: MOST_HASHED_BYTES,
    pieceBytes: PIECE_BYTES,
    async find(key) {
      const { status, headers } = await sendToBucket(ctx, access, { method: 'HEAD', key });
      if (status === 404) return { object: null };
      if (status === 403) return 'refused';
      const length = headers.get('content-length');
      if (status !== 200 || length === null) throw unavailable(status);
      const checksum = parseChecksum(headers.get('x-amz-checksum-sha256'));
      return { object: { sizeBytes: Number(length), etag: headers.get('etag'), checksum } };
    },
    async read(key, range) {
      const { status, body } = await sendToBucket(ctx, access, { method: 'GET', key, range });
      if (status !== 206 && status !== 200) throw unavailable(status);
      return new Blob([body]).stream();
    },
    async delete(key) {
      const { status } = await sendToBucket(ctx, access, { method: 'DELETE', key });
      if (status >= 300 && status !== 404) throw unavailable(status);
    },
  };
}
