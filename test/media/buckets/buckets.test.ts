import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKET_PROBLEM_TEXTS, type BucketProblem } from '../../../src/media/buckets/buckets.enums.ts';
import { createBucketExample as example } from '../../../src/media/buckets/buckets.schemas.ts';
import { resealSecrets } from '../../../src/media/buckets/reseal-secrets.ts';
import { createOutgoing } from '../../../src/platform/outgoing/index.ts';
import { randomSecrets } from '../../support/environment.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import type { BucketFault } from '../../support/storage/stand-in.ts';

const app = createTestApp();
const { storage } = app;
const path = '/api/v1/buckets';
let owner: Person;

beforeEach(async () => {
  owner = await app.person();
  storage.fault = null;
  storage.skewMs = 0;
  storage.requests.length = 0;
  storage.objects.clear();
});

const send = (method: string, url: string, body?: unknown, token = owner.token, by: TestApp = app) =>
  by.send(method, url, { token, ...(body === undefined ? {} : { body }) });
const create = (changes: object = {}) => send('POST', path, { ...example, ...changes });
const createOne = async (changes: object = {}) => {
  const answer = await create(changes);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string };
};

const FAULTY_REQUESTS: [BucketProblem, object][] = [
  ['unknown_access_key', { accessKeyId: 'AKIAUNKNOWN' }],
  ['wrong_secret', { secretAccessKey: 'an/example+secret+of+another+key' }],
  ['unknown_bucket', { bucket: 'southwind-calls' }],
  ['wrong_region', { region: 'us-east-1' }],
];
const FAULTY_STORAGE: [BucketFault | 'is 16 minutes ahead', BucketProblem][] = [
  ['is 16 minutes ahead', 'clock_skew'],
  ['redirects', 'wrong_region'],
  ['denies_PUT', 'write_denied'],
  ['denies_GET', 'read_denied'],
  ['denies_DELETE', 'delete_denied'],
  ['keeps_deleted', 'not_deleted'],
  ['changes_bytes', 'corrupted'],
  ['lies_about_checksum', 'corrupted'],
  ['loses_written', 'corrupted'],
  ['fails_after_write', 'unavailable'],
  ['answers_html', 'unexpected_answer'],
  ['overloaded', 'unavailable'],
  ['resets', 'unreachable'],
  ['silent', 'unreachable'],
];

describe('a bucket', () => {
  it('is added once it was written to, read and deleted from, below its prefix, with nothing left behind', async () => {
    const answer = await create();
    expect(answer).toMatchObject({
      status: 201,
      body: {
        status: 'working',
        problem: null,
        problemDetail: null,
        endpoint: 'https://s3.storage.example/',
      },
    });
    const key = /^PUT s3\.storage\.example(\/northwind-calls\/auralink\/auralink-test-\w+)$/.exec(
      storage.requests[0]!,
    )![1];
    expect(storage.requests.map((each) => each.replace(`s3.storage.example${key}`, 'it'))).toEqual([
      'PUT it',
      'GET it',
      'DELETE it',
      'GET it',
    ]);
    expect(storage.objects.size).toBe(0);
  });

  it('can be named in the host of its endpoint, which may have a path', async () => {
    expect(await create({ pathStyle: false })).toMatchObject({ status: 201 });
    expect(storage.requests[0]).toMatch(
      /^PUT northwind-calls\.s3\.storage\.example\/auralink\/auralink-test-/,
    );
  });

  it.each([
    ['https://93.184.216.34', 'northwind-calls'],
    ['https://[2606:2800:220:1::1]', 'northwind-calls'],
  ])('at %s cannot be named in the host as %s, and nothing is sent', async (endpoint, bucket) => {
    expect(await create({ endpoint, bucket, pathStyle: false })).toMatchObject({
      status: 422,
      body: { code: 'buckets.test_failed', errors: [{ pointer: '/pathStyle' }] },
    });
    expect(storage.requests).toEqual([]);
  });

  it('at an IP address is named in the path, and stays so', async () => {
    const { id } = await createOne({ endpoint: 'https://93.184.216.34' });
    expect(await send('PATCH', `${path}/${id}`, { pathStyle: false })).toMatchObject({
      status: 422,
      body: { code: 'buckets.test_failed', errors: [{ pointer: '/pathStyle' }] },
    });
  });

  it('works with an access key that may not list it', async () => {
    storage.fault = 'denies_listing';
    await createOne();
    expect(storage.requests).toHaveLength(4);
  });

  it.each(FAULTY_REQUESTS)(
    'with the problem %s (%j) is not added, and the field is named',
    async (problem, input) => {
      const detail = BUCKET_PROBLEM_TEXTS[problem];
      const errors = [{ pointer: `/${Object.keys(input)[0]}`, message: detail }];
      expect(await create(input)).toMatchObject({
        status: 422,
        body: { code: 'buckets.test_failed', detail, errors },
      });
    },
  );

  it.each(FAULTY_STORAGE)('on storage that %s is not added, or failing: %s', async (fault, problem) => {
    const { id } = await createOne();
    if (fault === 'is 16 minutes ahead') storage.skewMs = 16 * 60_000;
    else storage.fault = fault;
    const problemDetail = BUCKET_PROBLEM_TEXTS[problem];
    expect(await create()).toMatchObject({
      status: 422,
      body: { code: 'buckets.test_failed', detail: problemDetail },
    });
    const failing = { status: 'failing', problem, problemDetail };
    expect(await send('POST', `${path}/${id}/test`)).toMatchObject({ status: 200, body: failing });
    expect((await send('GET', path)).body.data).toMatchObject([{ id, ...failing }]);
  });

  it.each(['changes_bytes', 'fails_after_write'] as const)(
    'whose test fails leaves nothing behind that it lets us delete: %s',
    async (fault) => {
      storage.fault = fault;
      await create();
      expect(storage.requests.filter((each) => each.startsWith('DELETE'))).toHaveLength(1);
      expect(storage.objects.size).toBe(0);
    },
  );

  it('that fails a test is failing until one succeeds, and its version stays', async () => {
    const { id } = await createOne();
    storage.fault = 'denies_PUT';
    const failing = await send('POST', `${path}/${id}/test`);
    expect(failing).toMatchObject({ body: { status: 'failing', problem: 'write_denied' } });
    expect((await send('GET', `${path}/${id}`)).body).toEqual(failing.body);
    storage.fault = null;
    app.clock.advanceSeconds(60);
    const working = await send('POST', `${path}/${id}/test`);
    expect(working.body).toMatchObject({ status: 'working', problem: null });
    expect(working.body.testedAt).not.toBe(failing.body.testedAt);
    expect(working.headers.get('etag')).toBe('"1"');
  });

  it('keeps its old values when a test with the new ones fails, and takes a new secret that works', async () => {
    const { id } = await createOne();
    const secretAccessKey = 'a/rotated+secret+of+the+access+key';
    const wrong = await send('PATCH', `${path}/${id}`, { name: 'Other', secretAccessKey });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/secretAccessKey' }] } });
    expect((await send('GET', `${path}/${id}`)).body.name).toBe(example.name);
    storage.accounts.set(example.accessKeyId, secretAccessKey);
    try {
      const changed = await send('PATCH', `${path}/${id}`, { secretAccessKey, prefix: '' });
      expect(changed).toMatchObject({ status: 200, body: { prefix: '', status: 'working' } });
      expect(await send('POST', `${path}/${id}/test`)).toMatchObject({ body: { status: 'working' } });
    } finally {
      storage.accounts.set(example.accessKeyId, example.secretAccessKey);
    }
  });

  it('gets another name without a test', async () => {
    const { id } = await createOne();
    storage.requests.length = 0;
    expect(await send('PATCH', `${path}/${id}`, { name: 'Other' })).toMatchObject({
      status: 200,
      body: { name: 'Other' },
    });
    expect(storage.requests).toEqual([]);
  });

  it('is removed with its credentials; what it stores stays', async () => {
    const { id } = await createOne();
    storage.requests.length = 0;
    expect(await send('DELETE', `${path}/${id}`)).toMatchObject({ status: 204 });
    expect(await send('POST', `${path}/${id}/test`)).toMatchObject({ status: 404 });
    expect(storage.requests).toEqual([]);
  });

  it('is one of at most ten, however many are added at once', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => create()));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([...Array<number>(10).fill(201), 409, 409]);
    storage.requests.length = 0;
    expect(await create()).toMatchObject({ status: 409, body: { code: 'buckets.too_many' } });
    expect(storage.requests).toEqual([]);
  });
});

describe('the secret of a bucket', () => {
  it('is in no answer, log line, event or audit entry, and encrypted in the database', async () => {
    const { id } = await createOne();
    await send('PATCH', `${path}/${id}`, { secretAccessKey: example.secretAccessKey });
    await send('POST', `${path}/${id}/test`);
    const seen = [
      await send('GET', path),
      await send('GET', `${path}/${id}`),
      await send('GET', '/api/v1/audit/logs?limit=100'),
    ].map(({ body }) => JSON.stringify(body));
    const [rows] = await app.services.database.read(
      { role: 'app', organizationId: owner.organizationId, userId: owner.userId },
      (q) => [q.execute('select * from buckets')],
    );
    const all = [...seen, JSON.stringify(app.log), JSON.stringify(rows)].join('\n');
    expect(all).toContain('sealed_secret');
    expect(all).toContain('secretReplaced');
    expect(all).not.toContain(example.secretAccessKey);
  });

  describe('after the encryption key of the product was replaced', () => {
    const sealedBy = async (other: TestApp) => {
      const scope = { role: 'app', organizationId: owner.organizationId, userId: owner.userId } as const;
      const [rows] = await other.services.database.read(scope, (q) => [
        q.execute('select sealed_secret from buckets'),
      ]);
      return (rows as unknown as { rows: { sealed_secret: string }[] }).rows[0]!.sealed_secret.split('.')[1];
    };
    const newKey = randomSecrets().ENCRYPTION_KEYS.replace(/^e1:/, 'e2:');
    const { ENCRYPTION_KEYS: oldKeys, SIGNING_KEYS: signingKeys, HASH_PEPPER } = app.services.config;
    const textOf = (keys: typeof oldKeys) => keys.map((each) => `${each.id}:${each.material}`).join(',');
    const others = { SIGNING_KEYS: textOf(signingKeys), HASH_PEPPER };
    const rotated = createTestApp({}, { ENCRYPTION_KEYS: `${newKey},${textOf(oldKeys)}`, ...others });

    it('still works, and is encrypted with the new one by a test', async () => {
      const { id } = await createOne();
      expect(await sealedBy(app)).toBe('e1');
      expect(await send('POST', `${path}/${id}/test`, undefined, owner.token, rotated)).toMatchObject({
        body: { status: 'working' },
      });
      expect(await sealedBy(rotated)).toBe('e2');
    });

    it('is encrypted with the new one within an hour, and works after the old one was removed', async () => {
      const { id } = await createOne();
      await resealSecrets(rotated.services);
      expect(await sealedBy(rotated)).toBe('e2');
      const renewed = createTestApp({}, { ENCRYPTION_KEYS: newKey, ...others });
      expect(await send('POST', `${path}/${id}/test`, undefined, owner.token, renewed)).toMatchObject({
        body: { status: 'working' },
      });
    });

    it('can be replaced when the old one was removed too early', async () => {
      const { id } = await createOne();
      const renewed = createTestApp({}, { ENCRYPTION_KEYS: newKey, ...others });
      const { secretAccessKey } = example;
      expect(await send('PATCH', `${path}/${id}`, { secretAccessKey }, owner.token, renewed)).toMatchObject({
        status: 200,
        body: { status: 'working' },
      });
      expect(await sealedBy(renewed)).toBe('e2');
    });
  });
});

describe('the endpoint of a bucket', () => {
  it.each([
    'http://s3.storage.example',
    'https://169.254.169.254',
    'https://localhost:9000',
    'https://s3.storage.example:22',
  ])('%s is refused, and nothing is sent to it', async (endpoint) => {
    expect(await create({ endpoint })).toMatchObject({
      status: 422,
      body: { code: 'outgoing.address_refused' },
    });
    expect(storage.requests).toEqual([]);
  });

  it('is looked up at each use: one that leads elsewhere later is not reached any more', async () => {
    let addresses = ['93.184.216.34'];
    let isDown = false;
    const resolver = {
      resolve: async () => {
        if (isDown) throw new Error('down');
        return addresses;
      },
    };
    const other = createTestApp({
      outgoing: createOutgoing({ resolver, fetcher: (url, init) => other.storage.fetch(url, init) }),
    });
    const person = await other.person();
    const { body } = await send('POST', path, example, person.token, other);
    addresses = ['93.184.216.34', '10.0.0.7'];
    other.storage.requests.length = 0;
    const tested = await send('POST', `${path}/${body.id}/test`, undefined, person.token, other);
    expect(tested).toMatchObject({ status: 200, body: { status: 'failing', problem: 'address_refused' } });
    expect(other.storage.requests).toEqual([]);
    isDown = true;
    const unknown = await send('POST', `${path}/${body.id}/test`, undefined, person.token, other);
    expect(unknown).toMatchObject({ status: 503, body: { code: 'outgoing.resolver_unavailable' } });
    expect((await send('GET', `${path}/${body.id}`, undefined, person.token, other)).body).toEqual(
      tested.body,
    );
  });
});

describe('buckets', () => {
  it('are for owners, admins and API keys with a scope of their own', async () => {
    const { organizationId } = owner;
    const statusFor = async (token: string) => (await send('GET', path, undefined, token)).status;
    const tokenOf = async (role: 'admin' | 'member') => (await app.person({ role, organizationId })).token;
    const keyOf = async (scope: string) =>
      (await send('POST', '/api/v1/api-keys', { name: scope, scopes: [scope] })).body.secret as string;
    expect(await statusFor(await tokenOf('admin'))).toBe(200);
    expect(await statusFor(await keyOf('buckets:read'))).toBe(200);
    expect(await statusFor(await tokenOf('member'))).toBe(403);
    expect(await statusFor(await keyOf('read'))).toBe(403);
    expect(await statusFor(await keyOf('write'))).toBe(403);
  });
});
