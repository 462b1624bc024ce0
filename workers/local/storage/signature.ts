import { createHash, createHmac } from 'node:crypto';

/**
 * The check that S3 makes of each request first: AWS Signature, version 4, in the headers or in the address. It is written
 * after the specification and not with the product's library, so that a mistake of one is found by the other.
 */
export type SignatureFault =
  | 'AccessDenied'
  | 'InvalidAccessKeyId'
  | 'SignatureDoesNotMatch'
  | 'RequestTimeTooSkewed'
  | 'AuthorizationHeaderMalformed'
  | 'XAmzContentSHA256Mismatch';

export interface SignedRequest {
  method: string;
  url: URL;
  headers: Headers;
  /** SHA-256 of the body, in hexadecimal digits. */
  bodySha256: string;
}

export interface StorageAccount {
  secretOf(accessKeyId: string): string | undefined;
  region: string;
  nowMs: number;
}

/** The signature of a request, as its headers or address state it. */
interface Signature {
  accessKeyId: string;
  date: string;
  region: string;
  signedHeaders: string[];
  signature: string;
  /** When it was signed, as AWS writes it. */
  signedAt: string;
  /** Milliseconds for which a signed address is valid; null for a signature in headers. */
  validMs: number | null;
}

const MAX_SKEW_MS = 15 * 60_000;
const SCOPE = String.raw`([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request`;
const AUTHORIZATION = new RegExp(
  `^AWS4-HMAC-SHA256 Credential=${SCOPE}, ?SignedHeaders=([a-z\\d;-]+), ?Signature=([\\da-f]{64})$`,
);
const CREDENTIAL = new RegExp(`^${SCOPE}$`);

export const sha256Hex = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const encode = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function readSignature({ url, headers }: SignedRequest): Signature | null {
  const query = (name: string) => url.searchParams.get(`X-Amz-${name}`) ?? '';
  const parts = AUTHORIZATION.exec(headers.get('authorization') ?? '');
  if (parts) {
    const [, accessKeyId = '', date = '', region = '', names = '', signature = ''] = parts;
    const signedAt = headers.get('x-amz-date') ?? '';
    return { accessKeyId, date, region, signedHeaders: names.split(';'), signature, signedAt, validMs: null };
  }
  const scope = CREDENTIAL.exec(query('Credential'));
  if (!scope || query('Algorithm') !== 'AWS4-HMAC-SHA256') return null;
  const [, accessKeyId = '', date = '', region = ''] = scope;
  return {
    accessKeyId,
    date,
    region,
    signedHeaders: query('SignedHeaders').split(';'),
    signature: query('Signature'),
    signedAt: query('Date'),
    validMs: Number(query('Expires')) * 1_000,
  };
}

function expectedSignature(request: SignedRequest, signed: Signature, secret: string): string {
  const { method, url, headers } = request;
  const { signedHeaders, date, region, signedAt, validMs } = signed;
  const path = decodeURIComponent(url.pathname).split('/').map(encode).join('/');
  const query = [...url.searchParams]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
  const headerLines = signedHeaders.map(
    (name) => `${name}:${(name === 'host' ? url.host : (headers.get(name) ?? '')).trim()}\n`,
  );
  const body = validMs === null ? headers.get('x-amz-content-sha256') : 'UNSIGNED-PAYLOAD';
  const canonical = [method, path, query, headerLines.join(''), signedHeaders.join(';'), body].join('\n');
  const text = ['AWS4-HMAC-SHA256', signedAt, `${date}/${region}/s3/aws4_request`, sha256Hex(canonical)].join(
    '\n',
  );
  const key = ['s3', 'aws4_request'].reduce(hmac, hmac(hmac(`AWS4${secret}`, date), region));
  return hmac(key, text).toString('hex');
}

const parseAmzDate = (text: string) =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Whether the time is one at which the signature is valid. */
function isInTime({ signedAt, validMs }: Signature, nowMs: number): boolean {
  const ageMs = nowMs - parseAmzDate(signedAt);
  return validMs === null ? Math.abs(ageMs) <= MAX_SKEW_MS : ageMs >= -MAX_SKEW_MS && ageMs <= validMs;
}

/** The fault of the signature of a request; null without one. */
export function findSignatureFault(request: SignedRequest, account: StorageAccount): SignatureFault | null {
  const signed = readSignature(request);
  if (!signed) return 'AccessDenied';
  const secret = account.secretOf(signed.accessKeyId);
  if (secret === undefined) return 'InvalidAccessKeyId';
  if (signed.region !== account.region) return 'AuthorizationHeaderMalformed';
  const mustBeSigned = [...request.headers.keys()].filter((name) => name.startsWith('x-amz-'));
  if (![...mustBeSigned, 'host'].every((name) => signed.signedHeaders.includes(name))) return 'AccessDenied';
  if (expectedSignature(request, signed, secret) !== signed.signature) return 'SignatureDoesNotMatch';
  if (!isInTime(signed, account.nowMs))
    return signed.validMs === null ? 'RequestTimeTooSkewed' : 'AccessDenied';
  if (signed.validMs !== null) return null;
  return request.headers.get('x-amz-content-sha256') === request.bodySha256
    ? null
    : 'XAmzContentSHA256Mismatch';
}

/** The status of each code with which storage refuses; 403 for the others. */
export const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  AuthorizationHeaderMalformed: 400,
  BadDigest: 400,
  XAmzContentSHA256Mismatch: 400,
  PermanentRedirect: 301,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  MethodNotAllowed: 405,
  SlowDown: 503,
};

/** How S3 writes a refusal. */
export const formatRefusal = (code: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`;
