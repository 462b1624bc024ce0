import { createHash, createHmac } from 'node:crypto';

/**
 * What S3 checks of a request before anything else: AWS Signature, version 4, written after its specification and not with
 * the product's library, so that a mistake of one is found by the other.
 */
export type SignatureFault =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'RequestTimeTooSkewed'
  | 'AuthorizationHeaderMalformed'
  | 'XAmzContentSHA256Mismatch';

const MAX_SKEW_MS = 15 * 60_000;
const CREDENTIAL =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z\d;-]+), ?Signature=([\da-f]{64})$/;

const sha256Hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function signatureOf(
  request: { method: string; url: URL; headers: Headers },
  signedHeaders: readonly string[],
  scope: { date: string; region: string },
  secret: string,
): string {
  const { method, url, headers } = request;
  const path = decodeURIComponent(url.pathname).split('/').map(encode).join('/');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const headerLines = signedHeaders.map(
    (name) => `${name}:${(name === 'host' ? url.host : (headers.get(name) ?? '')).trim()}\n`,
  );
  const canonical = [
    method,
    path,
    query,
    headerLines.join(''),
    signedHeaders.join(';'),
    headers.get('x-amz-content-sha256'),
  ].join('\n');
  const credentialScope = `${scope.date}/${scope.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers.get('x-amz-date'), credentialScope, sha256Hex(canonical)].join(
    '\n',
  );
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secret}`, scope.date), scope.region));
  return hmac(key, text).toString('hex');
}

const parseAmzDate = (text: string) =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** What is wrong with the signature of a request; null when it is right. */
export function findSignatureFault(
  request: { method: string; url: URL; headers: Headers; body: Uint8Array },
  account: { secretOf(accessKeyId: string): string | undefined; region: string; nowMs: number },
): SignatureFault | null {
  const parts = CREDENTIAL.exec(request.headers.get('authorization') ?? '');
  if (!parts) return 'AccessDenied';
  const [, accessKeyId = '', date = '', region = '', names = '', signature] = parts;
  const secret = account.secretOf(accessKeyId);
  if (secret === undefined) return 'InvalidAccessKeyId';
  if (region !== account.region) return 'AuthorizationHeaderMalformed';
  const signedHeaders = names.split(';');
  const mustBeSigned = [...request.headers.keys()].filter((name) => name.startsWith('x-amz-'));
  if (![...mustBeSigned, 'host'].every((name) => signedHeaders.includes(name))) return 'AccessDenied';
  if (signatureOf(request, signedHeaders, { date, region }, secret) !== signature)
    return 'SignatureDoesNotMatch';
  const signedAtMs = parseAmzDate(request.headers.get('x-amz-date') ?? '');
  if (!(Math.abs(signedAtMs - account.nowMs) <= MAX_SKEW_MS)) return 'RequestTimeTooSkewed';
  const sha256 = request.headers.get('x-amz-content-sha256');
  return sha256 === sha256Hex(request.body) ? null : 'XAmzContentSHA256Mismatch';
}
