import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepFiles } from '../../../src/media/file-erasure/sweep-files.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let ann: Person;
let ben: Person;

beforeEach(async () => {
  app = createTestApp();
  const { organizationId } = await app.person();
  ann = await app.person({ role: 'member', organizationId });
  ben = await app.person({ role: 'member', organizationId });
});

const TUS = { 'tus-resumable': '1.0.0' };
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' };

const create = (
  length: number,
  {
    headers = {},
    token = ann.token,
    raw,
  }: { headers?: Record<string, string>; token?: string; raw?: string } = {},
) =>
  app.send('POST', '/api/v1/uploads', {
    token,
    ...(raw === undefined ? {} : { raw }),
    headers: {
      ...(raw === undefined ? TUS : BYTES),
      'upload-length': String(length),
      'upload-metadata': `filename ${btoa('notes.txt')},filetype ${btoa('text/plain')},relativePath bnVsbA==`,
      ...headers,
    },
  });
const append = (id: string, offset: number, raw: string, { token = ann.token, headers = {} } = {}) =>
  app.send('PATCH', `/api/v1/uploads/${id}`, {
    token,
    raw,
    headers: { ...BYTES, 'upload-offset': String(offset), ...headers },
  });
const head = (id: string, { token } = ann) =>
  app.send('HEAD', `/api/v1/uploads/${id}`, { token, headers: TUS });
const offsetOf = ({ headers }: { headers: Headers }) => headers.get('upload-offset');
const contentOf = (id: string) => app.objects.texts().get(`files/${ann.organizationId}/${id}`);
const getFile = (id: string) => app.send('GET', `/api/v1/files/${id}`, { token: ann.token });

describe('an upload', () => {
  it('becomes a file with its last byte', async () => {
    const { status, headers, body } = await create(11);
    expect(status).toBe(201);
    expect(Object.fromEntries(headers)).toMatchObject({
      location: `/api/v1/uploads/${body.id}`,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'upload-expires': new Date(body.expiresAt).toUTCString(),
    });
    expect((await getFile(body.id)).status).toBe(404);
    const first = await append(body.id, 0, 'Hello');
    expect([first.status, offsetOf(first)]).toEqual([204, '5']);
    const found = await head(body.id);
    expect([found.status, offsetOf(found), found.headers.get('upload-length')]).toEqual([200, '5', '11']);
    expect(found.headers.get('cache-control')).toBe('no-store');
    await append(body.id, 5, ', tus!');
    expect(await getFile(body.id)).toMatchObject({
      status: 200,
      body: { name: 'notes.txt', contentType: 'text/plain', sizeBytes: 11, scanStatus: 'pending' },
    });
    expect(contentOf(body.id)).toBe('Hello, tus!');
    expect([offsetOf(await head(body.id)), app.uploads.rows()]).toEqual(['11', 0]);
  });

  it('may come with its first bytes, all of them, or none at all', async () => {
    const some = await create(6, { raw: 'abc' });
    expect([some.status, offsetOf(some)]).toEqual([201, '3']);
    const all = await create(3, { raw: 'abc' });
    expect((await getFile(all.body.id)).status).toBe(200);
    const none = await create(0);
    expect(await getFile(none.body.id)).toMatchObject({ status: 200, body: { sizeBytes: 0 } });
  });

  it('takes bytes only where it stands, and no more than it may have', async () => {
    const { id } = (await create(5)).body;
    expect(await append(id, 2, 'abc')).toMatchObject({
      status: 409,
      body: { code: 'uploads.offset_mismatch' },
    });
    expect(await append(id, 0, 'abcdef')).toMatchObject({ status: 413, body: { code: 'uploads.too_long' } });
    expect(offsetOf(await head(id))).toBe('0');
    await append(id, 0, 'abcde');
    expect(await append(id, 0, 'abcde')).toMatchObject({ status: 409 });
    expect((await append(id, 5, '')).status).toBe(204);
  });

  it('is refused in another version of the protocol, without a length, and with metadata that is none', async () => {
    const other = await create(5, { headers: { 'tus-resumable': '0.2.0' } });
    expect(other).toMatchObject({ status: 412, body: { code: 'uploads.unsupported_version' } });
    expect(other.headers.get('tus-version')).toBe('1.0.0');
    expect(await create(5, { headers: { 'upload-length': '-1' } })).toMatchObject({ status: 400 });
    for (const metadata of [
      'filename',
      'filename ###',
      'filetype dGV4dC9wbGFpbg==',
      `filename ${btoa('a')},filetype ${btoa('text/plain\0')}`,
      `filename ${btoa('a')},filetype ${btoa('text/plain\r\nx: y')}`,
      `filename ${btoa('a')},access ${btoa('all')}`,
    ])
      expect(await create(5, { headers: { 'upload-metadata': metadata } })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '#/header/Upload-Metadata' }] },
      });
    const { id } = (await create(5)).body;
    expect(await append(id, 0, 'abc', { headers: { 'content-type': 'text/plain' } })).toMatchObject({
      status: 415,
    });
  });

  it('says in a preflight what it can', async () => {
    const { status, headers } = await app.send('OPTIONS', '/api/v1/uploads', {
      headers: { origin: 'https://app.auralink.test', 'access-control-request-method': 'POST' },
    });
    expect([status, headers.get('tus-extension')]).toEqual([
      204,
      'creation,creation-with-upload,expiration,termination',
    ]);
    expect(headers.get('access-control-allow-headers')).toContain('Upload-Offset');
  });

  it('is continued by nobody else, not even by administrators', async () => {
    const { id } = (await create(5)).body;
    const admin = await app.person({ role: 'admin', organizationId: ann.organizationId });
    for (const other of [ben, admin]) {
      expect((await head(id, other)).status).toBe(404);
      expect((await append(id, 0, 'abc', other)).status).toBe(404);
    }
  });

  it('is listed and given up by its uploader and by those who manage files, and by nobody else', async () => {
    const manager = await app.person({ role: 'admin', organizationId: ann.organizationId });
    const { id } = (await create(5)).body;
    const list = async ({ token }: Person) =>
      (await app.send('GET', '/api/v1/uploads?limit=100', { token })).body.data as { id: string }[];
    const idsOf = async (person: Person) => (await list(person)).map((upload) => upload.id);
    const own = { id, name: 'notes.txt', sizeBytes: 5, ownerId: ann.userId };
    expect(await list(ann)).toContainEqual(expect.objectContaining(own));
    expect([(await idsOf(manager)).includes(id), (await idsOf(ben)).includes(id)]).toEqual([true, false]);
    const end = async ({ token }: Person) =>
      (await app.send('DELETE', `/api/v1/uploads/${id}`, { token, headers: TUS })).status;
    expect([await end(ben), await end(manager), await end(manager)]).toEqual([404, 204, 404]);
    const log = await app.send('GET', '/api/v1/audit/logs?action=file.upload_ended', {
      token: manager.token,
    });
    expect(JSON.stringify(log.body.data)).toContain(id);
    expect([await idsOf(manager), (await append(id, 0, 'abc')).status]).toEqual([
      expect.not.arrayContaining([id]),
      404,
    ]);
  });

  it('is one of at most 50 that its uploader has open, however many begin at once', async () => {
    const person = await app.person();
    const begun = await Promise.all(Array.from({ length: 60 }, () => create(1, person)));
    const refused = begun.filter(({ status }) => status !== 201);
    expect(refused.map(({ body }) => body.code)).toEqual(
      Array.from({ length: 10 }, () => 'files.too_many_uploads'),
    );
    await append(begun.find(({ status }) => status === 201)!.body.id, 0, 'a', person);
    expect([(await create(1, person)).status, (await create(1, person)).status]).toEqual([201, 409]);
  });

  it('frees what it held when the bytes that begin it fail, also while object storage is down', async () => {
    const person = await app.person();
    const held = () => ownerSql('select from files where organization_id = $1', [person.organizationId]);
    expect(await create(3, { ...person, raw: 'abcd' })).toMatchObject({ status: 413 });
    app.objects.failWhen(() => true);
    expect(await create(3, { ...person, raw: 'abc' })).toMatchObject({ status: 503 });
    app.objects.failWhen(undefined);
    expect(await held()).toEqual([]);
  });

  it('is given up an hour after its last bytes, and a day after its beginning', async () => {
    const endOf = async (id: string) =>
      (
        await ownerSql<{ minutes: number }>(
          'select extract(epoch from upload_ends_at - created_at)::int / 60 as minutes from files where id = $1',
          [id],
        )
      )[0]!.minutes;
    const now = new Date(app.clock.now()).toISOString();
    const age = (id: string, minutes: number) =>
      ownerSql(
        `update files set created_at = $2::timestamptz - make_interval(mins => $3),
          upload_ends_at = $2::timestamptz + interval '10 minutes' where id = $1`,
        [id, now, minutes],
      );
    const { id } = (await create(5)).body;
    expect(await endOf(id)).toBe(60);
    await age(id, 30);
    await append(id, 0, 'a');
    expect(await endOf(id)).toBe(90);
    await age(id, 23.5 * 60);
    await append(id, 1, 'b');
    expect(await endOf(id)).toBe(24 * 60);
  });

  it('holds its whole size in the storage of the organization until it is given up', async () => {
    const person = await app.person();
    await ownerSql(`update organizations set limits = '{"storage_bytes": 10}' where id = $1`, [
      person.organizationId,
    ]);
    const { id } = (await create(8, person)).body;
    await append(id, 0, 'abc', person);
    expect(await create(3, person)).toMatchObject({ status: 402, body: { limit: { used: 8, left: 2 } } });
    const given = await app.send('DELETE', `/api/v1/uploads/${id}`, { token: person.token, headers: TUS });
    expect(given.status).toBe(204);
    expect((await head(id, person)).status).toBe(404);
    expect((await create(3, person)).status).toBe(201);
  });

  it('whose organization may store less meanwhile is finished, and the next one is refused', async () => {
    const { body } = await create(11);
    await ownerSql(`update organizations set limits = '{"storage_bytes": 5}' where id = $1`, [
      ann.organizationId,
    ]);
    expect(await append(body.id, 0, 'Hello, tus!')).toMatchObject({ status: 204 });
    expect(await getFile(body.id)).toMatchObject({ status: 200 });
    expect(await create(1)).toMatchObject({ status: 402, body: { code: 'billing.limit_reached' } });
  });

  it('of a member who is removed meanwhile becomes no file, and what it held is free an hour later', async () => {
    const { body } = await create(11, { token: ben.token });
    expect(await append(body.id, 0, 'Hello', ben)).toMatchObject({ status: 204 });
    await ownerSql('delete from members where user_id = $1', [ben.userId]);
    expect((await append(body.id, 5, ', tus!', ben)).status).toSatisfy(
      (code) => code === 401 || code === 403,
    );
    app.clock.advanceSeconds(3_600);
    await sweepFiles(app.services);
    expect(await ownerSql('select id from files where id = $1', [body.id])).toEqual([]);
  });

  it('leaves no bytes when it is given up while its last ones arrive', async () => {
    const { id } = (await create(5)).body;
    const before = app.uploads.rows();
    const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      // Only its row: the request that gives it up has reached the bytes before these arrived.
      await ownerSql('delete from files where id = $1', [id]);
      controller.enqueue(new TextEncoder().encode('abcde'));
      controller.close();
    };
    const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
    const late = await app.send('PATCH', `/api/v1/uploads/${id}`, {
      token: ann.token,
      raw: body,
      headers: { ...BYTES, 'upload-offset': '0' },
    });
    expect(late).toMatchObject({ status: 404, body: { code: 'uploads.not_found' } });
    expect([contentOf(id), app.uploads.rows()]).toEqual([undefined, before]);
  });

  it('continues where it stands after the process has died', async () => {
    const { id } = (await create(2_500)).body;
    await append(id, 0, 'a'.repeat(1_300));
    app.uploads.kill();
    expect(offsetOf(await head(id))).toBe('1300');
    await append(id, 1_300, 'b'.repeat(1_200));
    expect(contentOf(id)).toBe('a'.repeat(1_300) + 'b'.repeat(1_200));
  });

  it('becomes a file when its client asks, if the process died after the last byte', async () => {
    const { id } = (await create(1_500)).body;
    app.objects.failWhen((call) => call === 'put');
    expect(await append(id, 0, 'a'.repeat(1_500))).toMatchObject({ status: 503 });
    expect(await app.send('GET', `/api/v1/uploads/${id}`, { token: ann.token })).toMatchObject({
      status: 503,
    });
    app.objects.failWhen(undefined);
    app.uploads.kill();
    expect(offsetOf(await head(id))).toBe('1500');
    expect((await getFile(id)).status).toBe(200);
  });

  it('is continued by a newer request, which stops the older one', async () => {
    const { id } = (await create(70)).body;
    const before = app.uploads.rows();
    const first = 'a'.repeat(64);
    // Its connection brings no more, and does not end.
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
    });
    const older = app.send('PATCH', `/api/v1/uploads/${id}`, {
      token: ann.token,
      raw: body,
      headers: { ...BYTES, 'upload-offset': '0' },
    });
    await expect.poll(() => app.uploads.rows(), { interval: 2 }).toBeGreaterThan(before + 1);
    expect(await append(id, 64, 'bcdefg')).toMatchObject({ status: 204 });
    expect(offsetOf(await older)).toBe('64');
    expect(contentOf(id)).toBe(`${first}bcdefg`);
  });
});

/** The product behind a socket, for a client that speaks HTTP itself. */
function listen(): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const hasBody = !['GET', 'HEAD', 'OPTIONS'].includes(incoming.method!);
    const request = new Request(`http://auralink.test${incoming.url}`, {
      method: incoming.method!,
      headers: incoming.headers as Record<string, string>,
      ...(hasBody ? { body: Readable.toWeb(incoming) as unknown as ReadableStream, duplex: 'half' } : {}),
    });
    const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
    Promise.resolve(app.app.fetch(request, {}, context)).then(
      async (response) => {
        outgoing.writeHead(response.status, Object.fromEntries(response.headers));
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      },
      () => outgoing.destroy(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('tus-js-client', () => {
  let server: Server;
  let endpoint: string;
  beforeAll(async () => {
    server = await listen();
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/uploads`;
  });
  afterAll(() => void server.close());

  it.each([true, false])(
    'uploads, also when the process dies in between (data with the creation: %s)',
    async (uploadDataDuringCreation) => {
      const content = Buffer.from(Array.from({ length: 25_000 }, (_byte, index) => 97 + (index % 26)));
      let kills = 0;
      const url = await new Promise<string>((resolve, reject) => {
        const upload = new Upload(content, {
          endpoint,
          chunkSize: 4_000,
          retryDelays: [0, 0, 0],
          uploadDataDuringCreation,
          headers: { authorization: `Bearer ${ann.token}` },
          metadata: { filename: 'alphabet.txt', access: 'organization' },
          onAfterResponse: () => {
            if (++kills % 2 === 0) app.uploads.kill();
          },
          onError: reject,
          onSuccess: () => resolve(upload.url!),
        });
        upload.start();
      });
      expect(kills).toBeGreaterThan(4);
      const id = url.split('/').at(-1)!;
      expect(contentOf(id)).toBe(content.toString());
      expect(await getFile(id)).toMatchObject({
        body: { name: 'alphabet.txt', access: 'organization', sizeBytes: 25_000 },
      });
    },
  );
});

describe('an upload that is left alone', () => {
  it('is given up after an hour, with its bytes and what it held', async () => {
    const { id } = (await create(2_500)).body;
    await append(id, 0, 'a'.repeat(1_500));
    app.clock.advanceSeconds(3_601);
    await sweepFiles(app.services);
    await app.uploads.wake(app.clock.now());
    expect(await ownerSql('select from files where id = $1', [id])).toEqual([]);
    expect([app.uploads.openParts(), app.uploads.rows()]).toEqual([0, 0]);
  });
});
