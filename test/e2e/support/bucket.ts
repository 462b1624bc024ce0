import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { expect } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { api, dataDir } from './product.ts';

/** The secrets of the running product. */
export const readSecrets = async () =>
  JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;

/** The storage that the running product serves as a bucket of customers, beside the product. */
export async function openStorage() {
  const secrets = await readSecrets();
  const client = new AwsClient({
    accessKeyId: secrets.STORAGE_ACCESS_KEY_ID!,
    secretAccessKey: secrets.STORAGE_SECRET_ACCESS_KEY!,
    service: 's3',
    region: 'us-east-1',
  });
  const urlOf = (key: string) => `http://127.0.0.1:${Number(new URL(api).port) + 8}/recordings/${key}`;
  const send = async (method: string, key: string, body: Buffer<ArrayBuffer>): Promise<Buffer> => {
    const headers = { 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') };
    const answer = await client.fetch(urlOf(key), { method, headers, ...(method === 'PUT' ? { body } : {}) });
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };
  return {
    read: (key: string) => send('GET', key, Buffer.alloc(0)),
    write: (key: string, body: Buffer<ArrayBuffer>) => send('PUT', key, body),
    /** An address of an object that lets its reader in. */
    addressOf: async (key: string) =>
      (await client.sign(urlOf(key), { method: 'GET', aws: { signQuery: true } })).url,
  };
}

/** Adds the bucket that the running product serves; what is stored has the prefix. */
export async function addBucket(host: Host, prefix: string): Promise<string> {
  const secrets = await readSecrets();
  const bucket = await host.callApi('/buckets', 'POST', {
    name: `Recordings ${prefix}`,
    endpoint: `http://127.0.0.1:${Number(new URL(api).port) + 8}`,
    bucket: 'recordings',
    prefix,
    accessKeyId: secrets.STORAGE_ACCESS_KEY_ID,
    secretAccessKey: secrets.STORAGE_SECRET_ACCESS_KEY,
  });
  expect(bucket.status).toBe('working');
  return bucket.id as string;
}
