import { AwsV4Signer } from 'aws4fetch';
import type { Ctx } from '../../kernel/context/index.ts';
import { base64, hex } from '../../kernel/core/index.ts';
import { type OutgoingAnswer, outgoingErrors } from '../../platform/outgoing/index.ts';
import { findBucketUrl } from './buckets.rules.ts';
import type { Bucket } from './buckets.tables.ts';

/** What is needed to use a bucket. */
export type BucketAccess = Pick<
  Bucket,
  'endpoint' | 'region' | 'bucket' | 'prefix' | 'pathStyle' | 'accessKeyId'
> & { secretAccessKey: string };

export interface BucketRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  /** Key of the object, with the bucket's prefix. */
  key: string;
  /** Sent with its SHA-256, which the bucket compares with what arrives. */
  body?: Uint8Array<ArrayBuffer>;
  /** The bytes of the object to read; all of a small one by default. */
  range?: { offset: number; length: number };
}

/** The address of an object. @throws AppError `outgoing.address_refused` when no host can name the bucket */
export function objectUrl(access: BucketAccess, key: string): string {
  const { bucket, pathStyle } = access;
  const url = findBucketUrl(access);
  if (!url) throw outgoingErrors.addressRefused();
  const base = url.pathname.replace(/\/$/, '');
  const path = [...(pathStyle ? [bucket] : []), ...key.split('/')].map(encodeURIComponent).join('/');
  url.pathname = `${base}/${path}`;
  return url.href;
}

/** A moment as AWS writes it. */
export const amzDate = (ms: number): string => new Date(ms).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');

const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** SHA-256 of the bytes as S3 writes it in `x-amz-checksum-sha256`. */
export const s3Checksum = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  base64(await sha256(bytes));

/**
 * Sends one signed request (AWS Signature, version 4) to a bucket, through the guard of outgoing addresses.
 * @throws AppError `outgoing.*`
 */
export async function sendToBucket(
  { ports, clock }: Ctx,
  access: BucketAccess,
  { method, key, body, range }: BucketRequest,
): Promise<OutgoingAnswer> {
  const headers = new Headers({ 'x-amz-content-sha256': hex(await sha256(body ?? new Uint8Array())) });
  if (body) headers.set('x-amz-checksum-sha256', await s3Checksum(body));
  if (method === 'GET' || method === 'HEAD') headers.set('x-amz-checksum-mode', 'ENABLED');
  if (range) headers.set('range', `bytes=${range.offset}-${range.offset + range.length - 1}`);
  const { accessKeyId, secretAccessKey, region } = access;
  const signed = await new AwsV4Signer({
    url: objectUrl(access, key),
    method,
    headers,
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    datetime: amzDate(clock.now()),
  }).sign();
  return ports.outgoing.fetch(signed.url.href, {
    method,
    headers: new Headers(signed.headers),
    ...(body ? { body } : {}),
    ...(range ? { maxAnswerBytes: range.length } : {}),
  });
}
