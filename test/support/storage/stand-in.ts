import { createHash } from 'node:crypto';
import { createBucketExample } from '../../../src/media/buckets/buckets.schemas.ts';
import {
  findSignatureFault,
  formatRefusal,
  sha256Hex,
  STATUS_BY_CODE,
} from '../../../workers/local/storage/signature.ts';

/** How a bucket misbehaves. */
export type BucketFault =
  | 'changes_bytes'
  | 'lies_about_checksum'
  | 'keeps_deleted'
  | 'loses_written'
  /** Stores what is written, and answers that it did not. */
  | 'fails_after_write'
  /** The access key may not list the bucket: S3 does not say then that there is no such object. */
  | 'denies_listing'
  | 'answers_html'
  | 'overloaded'
  | 'redirects'
  | 'resets'
  | 'silent'
  | `denies_${'PUT' | 'GET' | 'DELETE'}`;

const refusal = (code: string) =>
  new Response(formatRefusal(code), {
    status: STATUS_BY_CODE[code] ?? 403,
    headers: { 'content-type': 'application/xml' },
  });

const checksumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64');

/**
 * S3-compatible storage in memory, at every host: it checks signatures, clocks, bodies and checksums as S3 does, and
 * misbehaves on request. It has the account and the bucket of the API's example.
 */
export class StorageStandIn {
  /** Secrets by access key. */
  readonly accounts = new Map([[createBucketExample.accessKeyId, createBucketExample.secretAccessKey]]);
  readonly buckets = new Set([createBucketExample.bucket]);
  region = createBucketExample.region;
  /** Whether it says the SHA-256 of what it has; older servers do not. */
  hasChecksums = true;
  /** Milliseconds that its clock is ahead. */
  skewMs = 0;
  fault: BucketFault | null = null;
  /** Objects by `bucket/key`. */
  readonly objects = new Map<string, Uint8Array<ArrayBuffer>>();
  /** The requests that arrived: method, host and path. */
  readonly requests: string[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Answers as the storage would. */
  readonly fetch = async (address: string, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(address, init);
    const { method } = request;
    const url = new URL(request.url);
    this.requests.push(`${method} ${url.host}${url.pathname}`);
    if (this.fault === 'silent')
      return new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
      });
    if (this.fault === 'resets') throw new TypeError('fetch failed');
    if (this.fault === 'overloaded') return refusal('SlowDown');
    if (this.fault === 'answers_html') return new Response('<html>Hello</html>', { status: 404 });
    if (this.fault === 'redirects') return refusal('PermanentRedirect');
    const body = new Uint8Array(await request.arrayBuffer());
    const signatureFault = findSignatureFault(
      { method, url, headers: request.headers, bodySha256: sha256Hex(body) },
      {
        secretOf: (accessKeyId) => this.accounts.get(accessKeyId),
        region: this.region,
        nowMs: this.#now() + this.skewMs,
      },
    );
    if (signatureFault) return refusal(signatureFault);
    return this.#answer(method, url, request.headers, body);
  };

  #answer(method: string, url: URL, headers: Headers, body: Uint8Array<ArrayBuffer>): Response {
    const [first = '', ...rest] = decodeURIComponent(url.pathname).slice(1).split('/');
    const hosted = [...this.buckets].find((bucket) => url.host.startsWith(`${bucket}.`));
    const bucket = hosted ?? first;
    const path = `${bucket}/${(hosted ? [first, ...rest] : rest).join('/')}`;
    if (!this.buckets.has(bucket)) return refusal('NoSuchBucket');
    if (this.fault === `denies_${method}`) return refusal('AccessDenied');
    if (method === 'PUT') return this.#put(path, headers, body);
    if (method === 'DELETE') {
      if (this.fault !== 'keeps_deleted') this.objects.delete(path);
      return new Response(null, { status: 204 });
    }
    const found = this.#get(path, headers);
    if (method !== 'HEAD' || found.status !== 200) return found;
    const { headers: answered } = found;
    answered.set('content-length', String(this.objects.get(path)!.length));
    return new Response(null, { headers: answered });
  }

  #put(path: string, headers: Headers, body: Uint8Array<ArrayBuffer>): Response {
    const expected = headers.get('x-amz-checksum-sha256');
    if (expected !== null && expected !== checksumOf(body)) return refusal('BadDigest');
    if (this.fault !== 'loses_written') this.objects.set(path, body);
    if (this.fault === 'fails_after_write') return refusal('SlowDown');
    return new Response(null, { headers: { 'x-amz-checksum-sha256': checksumOf(body) } });
  }

  #get(path: string, headers: Headers): Response {
    const stored = this.objects.get(path);
    if (!stored) return refusal(this.fault === 'denies_listing' ? 'AccessDenied' : 'NoSuchKey');
    const bytes = stored.slice();
    if (this.fault === 'changes_bytes') bytes[0]! ^= 1;
    const answered = this.fault === 'lies_about_checksum' ? checksumOf(new Uint8Array()) : checksumOf(stored);
    const withChecksum = this.hasChecksums && headers.get('x-amz-checksum-mode') === 'ENABLED';
    const answeredHeaders = {
      etag: `"${sha256Hex(bytes).slice(0, 32)}"`,
      ...(withChecksum ? { 'x-amz-checksum-sha256': answered } : {}),
    };
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.get('range') ?? '') ?? [];
    return from === undefined
      ? new Response(bytes, { headers: answeredHeaders })
      : new Response(bytes.slice(Number(from), Number(to) + 1), { status: 206, headers: answeredHeaders });
  }
}
