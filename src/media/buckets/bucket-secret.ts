import type { Ctx } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import { type BucketAccess, objectUrl } from './send-to-bucket.ts';
import type { Bucket } from './buckets.tables.ts';

const associatedDataOf = (bucketId: string) => `buckets.sealed_secret.${bucketId}`;

export const sealSecret = ({ vault }: Ctx, bucketId: string, secret: string): Promise<string> =>
  vault.encrypt(secret, associatedDataOf(bucketId));

/**
 * The same secret under the newest key of the product.
 * @throws VaultError when it is encrypted with a key that was removed
 */
export const resealSecret = async (
  { vault }: Ctx,
  { id, sealedSecret }: Pick<Bucket, 'id' | 'sealedSecret'>,
): Promise<string> => (await rotateCiphertext(vault, sealedSecret, associatedDataOf(id))) ?? sealedSecret;

/**
 * What is needed to test a stored bucket, whatever its status; nothing may be stored in a failing one.
 * @param newSecret takes the place of the stored secret, which then need not be readable
 * @throws VaultError when the stored secret is encrypted with a key that was removed
 */
export async function openForTest({ vault }: Ctx, row: Bucket, newSecret?: string): Promise<BucketAccess> {
  const { id, endpoint, region, bucket, prefix, pathStyle, accessKeyId, sealedSecret } = row;
  const secretAccessKey = newSecret ?? (await vault.decrypt(sealedSecret, associatedDataOf(id)));
  return { endpoint, region, bucket, prefix, pathStyle, accessKeyId, secretAccessKey };
}

/**
 * What is needed to read and write objects in a bucket. Nothing new may be stored in one that is failing.
 * @throws VaultError when its secret is encrypted with a key that was removed
 */
export const openBucket = (ctx: Ctx, row: Bucket): Promise<BucketAccess> => openForTest(ctx, row);

/**
 * What a recorder needs to write objects with this key, whose host may lead elsewhere than when the bucket was tested.
 * @throws VaultError as `openBucket`, and AppError `outgoing.*` when the address is not allowed
 */
export async function openForRecorder(ctx: Ctx, row: Bucket, key: string): Promise<BucketAccess> {
  const access = await openBucket(ctx, row);
  await ctx.ports.outgoing.requireAllowed(objectUrl(access, key));
  return access;
}
