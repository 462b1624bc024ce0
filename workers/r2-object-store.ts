import { createHash } from 'node:crypto';
import { hex, utf8 } from '../src/kernel/core/index.ts';
import {
  ChecksumMismatch,
  IncompleteStream,
  type ObjectInfo,
  type ObjectStore,
  type PutObjectOptions,
  type StreamedObject,
} from '../src/platform/objects/index.ts';

/** R2 takes parts of at least 5 MiB, all but the last of one size; one is held in memory at a time. */
const PART_BYTES = 8 * 1024 * 1024;

function toObjectInfo({ key, size, httpEtag, httpMetadata, checksums, uploaded }: R2Object): ObjectInfo {
  return {
    key,
    sizeBytes: size,
    etag: httpEtag,
    contentType: httpMetadata?.contentType ?? 'application/octet-stream',
    checksum: checksums.sha256 ? hex(new Uint8Array(checksums.sha256)) : null,
    uploadedAt: uploaded,
  };
}

/** Cuts a stream into parts of one size; the last one may be shorter, and an empty stream has one empty part. */
async function* splitIntoParts(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let part = new Uint8Array(PART_BYTES);
  let filled = 0;
  let hasParts = false;
  for await (let chunk of body) {
    while (filled + chunk.length > PART_BYTES) {
      const space = PART_BYTES - filled;
      part.set(chunk.subarray(0, space), filled);
      chunk = chunk.subarray(space);
      hasParts = true;
      yield part;
      part = new Uint8Array(PART_BYTES);
      filled = 0;
    }
    part.set(chunk, filled);
    filled += chunk.length;
  }
  if (filled > 0 || !hasParts) yield part.slice(0, filled);
}

async function putWhole(
  bucket: R2Bucket,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  { contentType, onlyIfAbsent }: PutObjectOptions,
): Promise<R2Object | null> {
  const sha256 = await crypto.subtle.digest('SHA-256', bytes);
  const options = { httpMetadata: { contentType }, sha256 };
  return onlyIfAbsent
    ? bucket.put(key, bytes, { ...options, onlyIf: new Headers({ 'If-None-Match': '*' }) })
    : bucket.put(key, bytes, options);
}

async function putParts(
  bucket: R2Bucket,
  key: string,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
  { contentType }: PutObjectOptions,
): Promise<R2Object> {
  const upload = await bucket.createMultipartUpload(key, { httpMetadata: { contentType } });
  try {
    const uploaded = [await upload.uploadPart(1, first)];
    for await (const part of rest) uploaded.push(await upload.uploadPart(uploaded.length + 1, part));
    return await upload.complete(uploaded);
  } catch (error) {
    await upload.abort();
    throw error;
  }
}

async function putStream(
  bucket: R2Bucket,
  key: string,
  body: ReadableStream<Uint8Array>,
  options: PutObjectOptions,
): Promise<R2Object | null> {
  const parts = splitIntoParts(body);
  const first = await parts.next();
  const bytes: Uint8Array<ArrayBuffer> = first.done ? new Uint8Array() : first.value;
  return bytes.length < PART_BYTES
    ? putWhole(bucket, key, bytes, options)
    : putParts(bucket, key, bytes, parts, options);
}

/** R2's code for bytes that do not have the checksum that was given. */
const isWrongChecksum = (error: unknown) => error instanceof Error && /\(10037\)/.test(error.message);

/** Copies a stream, and hashes it on the way. @returns the SHA-256 in hex @throws IncompleteStream unless it has this size */
async function copyWhole(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  sizeBytes: number,
): Promise<string> {
  const hash = createHash('sha256');
  let left = sizeBytes;
  const readNext = async () => {
    try {
      return (await reader.read()).value;
    } catch (cause) {
      throw new IncompleteStream(`the stream broke with ${left} bytes left`, { cause });
    }
  };
  for (let chunk = await readNext(); chunk; chunk = await readNext()) {
    left -= chunk.length;
    if (left < 0) break;
    hash.update(chunk);
    await writer.write(chunk);
  }
  if (left !== 0) throw new IncompleteStream(`${sizeBytes - left} bytes came in place of ${sizeBytes}`);
  await writer.close();
  return hash.digest('hex');
}

/** Stores a stream as it arrives. Where one side fails, the other is stopped: it would wait for ever. */
async function putKnownLength(
  bucket: R2Bucket,
  key: string,
  body: ReadableStream<Uint8Array>,
  { contentType, sizeBytes, checksum }: StreamedObject,
): Promise<ObjectInfo> {
  const fixed = new FixedLengthStream(sizeBytes);
  const [reader, writer] = [body.getReader(), fixed.writable.getWriter()];
  const stored = bucket.put(key, fixed.readable, {
    httpMetadata: { contentType },
    ...(checksum === undefined ? {} : { sha256: checksum }),
  });
  const copied = copyWhole(reader, writer, sizeBytes);
  try {
    const [object, sha256] = await Promise.all([stored, copied]);
    return { ...toObjectInfo(object), checksum: sha256 };
  } catch (cause) {
    await Promise.allSettled([reader.cancel(cause), writer.abort(cause), stored, copied]);
    if (!isWrongChecksum(cause)) throw cause;
    throw new ChecksumMismatch('the bytes have another checksum', { cause });
  }
}

const putBody = (
  bucket: R2Bucket,
  key: string,
  body: string | Uint8Array | ReadableStream<Uint8Array>,
  options: PutObjectOptions,
) =>
  body instanceof ReadableStream
    ? putStream(bucket, key, body, options)
    : putWhole(bucket, key, typeof body === 'string' ? utf8(body) : new Uint8Array(body), options);

/** Deletes keys, of each bucket in one request. */
async function deleteKeys(bucketOf: BucketOf, keys: readonly string[]): Promise<void> {
  for (const [bucket, ofBucket] of Map.groupBy(keys, bucketOf)) await bucket.delete(ofBucket);
}

/** Which bucket an object is in, by its key. */
type BucketOf = (key: string) => R2Bucket;

/** Object storage on R2. */
export function createR2ObjectStore(bucketOf: BucketOf): ObjectStore {
  return {
    async put(key: string, body: Parameters<typeof putBody>[2], options: PutObjectOptions) {
      const stored = await putBody(bucketOf(key), key, body, options);
      // Null only with `onlyIfAbsent`, as the overloads of the port declare.
      return (stored && toObjectInfo(stored)) as ObjectInfo;
    },
    putStream: (key, body, object) => putKnownLength(bucketOf(key), key, body, object),
    async get(key, range) {
      const object = await bucketOf(key).get(key, range ? { range } : {});
      return object && { ...toObjectInfo(object), body: object.body as ReadableStream<Uint8Array> };
    },
    async head(key) {
      const object = await bucketOf(key).head(key);
      return object && toObjectInfo(object);
    },
    delete: (keys) => deleteKeys(bucketOf, keys),
    async list(prefix, { after, limit = 1000 } = {}) {
      const page = await bucketOf(prefix).list({
        prefix,
        limit,
        include: ['httpMetadata'],
        ...(after === undefined ? {} : { startAfter: after }),
      });
      return {
        objects: page.objects.map(toObjectInfo),
        nextAfter: page.truncated ? (page.objects.at(-1)?.key ?? null) : null,
      };
    },
  };
}
