import { expect } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { api, dataDir } from './product.ts';

/** The secrets of the running product. */
export const readSecrets = async () =>
  JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>;

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
