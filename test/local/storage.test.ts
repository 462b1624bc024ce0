import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalServer } from '../../workers/local/listen.ts';
import { serveStorage } from '../../workers/local/storage/serve-storage.ts';

const keys = { accessKeyId: 'LOCAL1', secretAccessKey: 'a-secret-of-the-test', region: 'us-east-1' };
let server: LocalServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auralink-storage-'));
  server = await serveStorage({ port: 0, folder, bucket: 'recordings', ...keys });
  return async () => {
    await server.close();
    await rm(folder, { recursive: true });
  };
});
afterAll(async () => {
  // Whatever was refused left nothing behind.
  expect((await readdir(folder)).filter((name) => name.startsWith('new-'))).toEqual([]);
});

const clientOf = (own: Partial<typeof keys>) => new AwsClient({ ...keys, ...own, service: 's3', retries: 0 });
const hash = (body: string) => createHash('sha256').update(body);
interface Sent {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}
const send = async (path: string, init: Sent = {}, own: Partial<typeof keys> = {}) => {
  const headers = { 'x-amz-content-sha256': hash(init.body ?? '').digest('hex'), ...init.headers };
  const response = await clientOf(own).fetch(`${server.url}/${path}`, { ...init, headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, code: /<Code>(\w+)</.exec(text)?.[1] };
};
const put = (path: string, body: string, headers: Record<string, string> = {}) =>
  send(path, { method: 'PUT', body, headers });

it('keeps what is written, with its type, under any key, and gives parts of it', async () => {
  const key = 'recordings/rooms/a b/Größe+(1)/../call.mp4';
  const path = key.split('/').map(encodeURIComponent).join('/');
  expect((await put(path, 'the whole call', { 'content-type': 'video/mp4' })).status).toBe(200);
  const whole = await send(path);
  expect(whole).toMatchObject({ status: 200, text: 'the whole call' });
  expect(whole.headers.get('content-type')).toBe('video/mp4');
  const part = await send(path, { headers: { range: 'bytes=4-8' } });
  expect(part).toMatchObject({ status: 206, text: 'whole' });
  expect(part.headers.get('content-range')).toBe('bytes 4-8/14');
  expect((await send(path, { method: 'HEAD' })).headers.get('content-length')).toBe('14');
  expect((await send(path, { method: 'DELETE' })).status).toBe(204);
  expect(await send(path)).toMatchObject({ status: 404, code: 'NoSuchKey' });
});

it.each([
  [{ secretAccessKey: 'another-secret' }, 403, 'SignatureDoesNotMatch'],
  [{ accessKeyId: 'LOCAL2' }, 403, 'InvalidAccessKeyId'],
  [{ region: 'eu-west-1' }, 400, 'AuthorizationHeaderMalformed'],
])('refuses a request that is signed with %o', async (own, status, code) => {
  expect(await send('recordings/x', {}, own)).toMatchObject({ status, code });
});

it('refuses what is not signed, has another body or checksum, or is for another bucket', async () => {
  expect((await fetch(`${server.url}/recordings/x`)).status).toBe(403);
  expect(
    await put('recordings/x', 'body', { 'x-amz-checksum-sha256': hash('other').digest('base64') }),
  ).toMatchObject({
    code: 'BadDigest',
  });
  const otherBody = { 'x-amz-content-sha256': hash('other').digest('hex') };
  expect(await put('recordings/x', 'body', otherBody)).toMatchObject({ code: 'XAmzContentSHA256Mismatch' });
  expect(await put('private/x', 'body')).toMatchObject({ status: 404, code: 'NoSuchBucket' });
  expect(await send('recordings/x')).toMatchObject({ code: 'NoSuchKey' });
});

it('gives an object to everybody with a signed address, until its time is over', async () => {
  await put('recordings/shared', 'for everybody');
  const signedAt = async (msAgo: number) => {
    const url = new URL(`${server.url}/recordings/shared`);
    url.searchParams.set('X-Amz-Expires', '60');
    const datetime = new Date(Date.now() - msAgo).toISOString().replaceAll(/[:-]|\.\d{3}/g, '');
    const signed = await clientOf({}).sign(url.href, { aws: { signQuery: true, datetime } });
    return fetch(signed.url);
  };
  const response = await signedAt(0);
  expect(await response.text()).toBe('for everybody');
  expect((await signedAt(61_000)).status).toBe(403);
});
