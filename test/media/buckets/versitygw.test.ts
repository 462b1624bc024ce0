import { readdir } from 'node:fs/promises';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BUCKET_PROBLEM_TEXTS, type BucketProblem } from '../../../src/media/buckets/buckets.enums.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { startVersitygw } from '../../support/storage/versitygw.ts';

/** Buckets of customers, at a server that is not ours and checks signatures, checksums and clocks. */

const app = createTestApp();
let server: Awaited<ReturnType<typeof startVersitygw>>;
let owner: Person;

beforeAll(async () => {
  server = await startVersitygw();
  const resolver = { resolve: async () => [] };
  app.services.ports.outgoing = createOutgoing({ resolver, allowed: [server.endpoint] });
});
afterAll(() => server?.close());

const toPresent = () => app.clock.advanceSeconds(Math.round((Date.now() - app.clock.now()) / 1_000));
const create = async (changes: object = {}) => {
  const { endpoint, bucket, accessKeyId, secretAccessKey } = server;
  const access = { endpoint, bucket, accessKeyId, secretAccessKey, region: 'us-east-1', pathStyle: true };
  const body = { name: 'Recordings', prefix: 'calls/', ...access, ...changes };
  return app.send('POST', '/api/v1/buckets', { token: owner.token, body });
};

it('one is added once it was written to, read and deleted from, with nothing left behind', async () => {
  toPresent();
  owner = await app.person();
  expect(await create()).toMatchObject({ status: 201, body: { status: 'working', problem: null } });
  const left = await readdir(server.folder, { recursive: true, withFileTypes: true });
  expect(left.filter((each) => each.isFile())).toEqual([]);
});

const FAULTS: [BucketProblem, object][] = [
  ['wrong_secret', { secretAccessKey: 'the/secret+of+another+server' }],
  ['unknown_access_key', { accessKeyId: 'AKIAANOTHER' }],
  ['unknown_bucket', { bucket: 'southwind-calls' }],
];
it.each(FAULTS)('one with the problem %s is not added', async (problem, changes) => {
  expect(await create(changes)).toMatchObject({
    status: 422,
    body: { code: 'buckets.test_failed', detail: BUCKET_PROBLEM_TEXTS[problem] },
  });
  expect((await app.send('GET', '/api/v1/buckets', { token: owner.token })).body.data).toHaveLength(1);
});

it('a request that is signed by a clock an hour ahead is refused', async () => {
  app.clock.advanceSeconds(3_600);
  owner = await app.person();
  expect(await create()).toMatchObject({
    status: 422,
    body: { code: 'buckets.test_failed', detail: BUCKET_PROBLEM_TEXTS.clock_skew },
  });
});

it('bytes with the checksum of others are not stored', async () => {
  const { accessKeyId, secretAccessKey, endpoint, bucket } = server;
  const client = new AwsClient({ accessKeyId, secretAccessKey, service: 's3', region: 'us-east-1' });
  const digestOf = async (text: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  const put = async (text: string) =>
    client.fetch(`${endpoint}/${bucket}/checked`, {
      method: 'PUT',
      body: 'what is sent',
      headers: {
        'x-amz-content-sha256': (await digestOf('what is sent')).toString('hex'),
        'x-amz-checksum-sha256': (await digestOf(text)).toString('base64'),
      },
    });
  const refused = await put('something else');
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
  expect(await readdir(server.folder)).not.toContain('checked');
  const stored = await put('what is sent');
  expect([stored.status, await stored.text()]).toEqual([200, '']);
});
