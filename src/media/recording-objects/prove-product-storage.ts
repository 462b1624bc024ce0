import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, serverErrors, sha256Hex, utf8 } from '../../kernel/core/index.ts';
import { objectKey, readText } from '../../platform/objects/index.ts';
import { isAddressRefusal } from '../../platform/outgoing/index.ts';
import { type BucketAccess, sendToBucket } from '../buckets/index.ts';
import { productBucketOf, RECORDINGS_KIND } from './product-store.ts';

/** The name has what was proven, so that another endpoint, bucket or key needs its own proof. */
const proofKey = async ({ endpoint, bucket, accessKeyId }: BucketAccess): Promise<string> =>
  objectKey(RECORDINGS_KIND, 'proof', await sha256Hex(`${endpoint}\n${bucket}\n${accessKeyId}`));

/** Writes as recorders write. @returns the status of the answer; 0 when no address of it is allowed @throws AppError `server.unavailable` */
async function write(ctx: Ctx, access: BucketAccess, key: string, text: string): Promise<number> {
  const detail = 'the storage of recordings does not answer';
  try {
    const { status } = await sendToBucket(ctx, access, { method: 'PUT', key, body: utf8(text) });
    if (status < 500 && status !== 429) return status;
  } catch (cause) {
    if (isAddressRefusal(cause)) return 0;
    throw cause instanceof AppError ? serverErrors.unavailable({ detail, cause }) : cause;
  }
  throw serverErrors.unavailable({ detail });
}

/** Whether the product reads an object that is written as recorders write. @throws AppError `server.unavailable` */
async function writeAndRead(ctx: Ctx, access: BucketAccess, key: string): Promise<boolean> {
  const text = ctx.ids.create('request');
  const status = await write(ctx, access, key, text);
  const stored = await ctx.ports.objects.get(key);
  const isSame = stored !== null && (await readText(stored.body)) === text;
  if (!isSame) ctx.log.error('recordings.storage_not_proven', { status, isStored: stored !== null });
  return isSame;
}

/**
 * Whether what recorders write to the storage of the product arrives where the product reads. The object that proves it
 * lasts a day; as long as it exists, nothing is written.
 * @throws AppError `server.unavailable` when the storage does not answer
 */
export async function isProductStorageProven(ctx: Ctx): Promise<boolean> {
  const access = productBucketOf(ctx.config);
  if (!access) return false;
  const key = await proofKey(access);
  return (await ctx.ports.objects.head(key)) !== null || writeAndRead(ctx, access, key);
}
