import type { Ctx } from '../../kernel/context/index.ts';
import { rotateCiphertext } from '../../kernel/crypto/index.ts';
import type { BucketAccess } from './send-to-bucket.ts';
import type { Bucket } from './buckets.tables.ts';

const associatedDataOf = (bucketId: string) => `buckets.sealed_secret.${bucketId}`;

export const sealSecret = ({ vault }: Ctx, bucketId: string, secret: string): Promise<string> =>
  vault.encrypt(secret, associatedDataOf(bucketId));

/** The same secret under the newest key of the product. */
export const resealSecret = async ({ vault }: Ctx, { id, sealedSecret }: Bucket): Promise<string> =>
  (await rotateCiphertext(vault, sealedSecret, associatedDataOf(id))) ?? sealedSecret;

/** What is needed to use a stored bucket. @throws VaultError when its secret cannot be decrypted */
export async function openBucket({ vault }: Ctx, row: Bucket): Promise<BucketAccess> {
  const { id, endpoint, region, bucket, prefix, pathStyle, accessKeyId, sealedSecret } = row;
  const secretAccessKey = await vault.decrypt(sealedSecret, associatedDataOf(id));
  return { endpoint, region, bucket, prefix, pathStyle, accessKeyId, secretAccessKey };
}
