import { AwsV4Signer } from 'aws4fetch';
import type { Ctx } from '../../kernel/context/index.ts';
import { amzDate, type BucketAccess, objectUrl } from './send-to-bucket.ts';

/**
 * An address from which everybody can download the object until the time is over. The guard of outgoing addresses is
 * not asked, because not the product connects, but the client that downloads.
 */
export async function signDownload(
  { clock }: Ctx,
  access: BucketAccess,
  key: string,
  lifeSeconds: number,
): Promise<string> {
  const { accessKeyId, secretAccessKey, region } = access;
  const url = new URL(objectUrl(access, key));
  url.searchParams.set('X-Amz-Expires', String(lifeSeconds));
  const signed = await new AwsV4Signer({
    url: url.href,
    method: 'GET',
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    signQuery: true,
    datetime: amzDate(clock.now()),
  }).sign();
  return signed.url.href;
}
