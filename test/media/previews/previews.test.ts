import { beforeEach, describe, expect, it } from 'vitest';
import { collectOrphans } from '../../../src/media/file-erasure/collect-orphans.ts';
import { MAX_ATTEMPTS, sweepPreviews } from '../../../src/media/previews/sweep-previews.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';
import { FakeCompression } from '../../support/media/fake-compression.ts';

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52];
const MP4 = [0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 2, 0, 0x69, 0x73, 0x6f, 0x6d];
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const contentOf = (head: readonly number[], end: string) =>
  Uint8Array.from([...head, ...new TextEncoder().encode(`${' '.repeat(40)}${end}`)]);

let service: FakeCompression;
let app: TestApp;
let ann: Person;
let ben: Person;

beforeEach(async () => {
  service = new FakeCompression();
  app = createTestApp({ compression: service });
  ann = await app.person();
  ben = await app.person({ role: 'member', organizationId: ann.organizationId });
});

const upload = async (content: string | Uint8Array<ArrayBuffer>, access = 'organization') =>
  (await uploadFile(app, ann.token, { content, query: { access } })).body.id as string;
const get = (path: string, { token } = ann, headers = {}) =>
  app.send('GET', `/api/v1/files/${path}`, { token, headers });
/** As the API shows it: read from the row, because the sweep's clock runs past the life of a token. */
const statusOf = async (id: string) =>
  (await ownerSql('select preview_status from files where id = $1', [id]))[0]!.preview_status;
const images = () => [...app.objects.texts().keys()].filter((key) => /\.(webp|avif)$/.test(key));
const sweep = () => {
  app.clock.advanceSeconds(1_800);
  return sweepPreviews(app.services);
};

const counted = () =>
  ownerSql(
    `select key, quantity::int, dimensions from usage_events where meter = 'previews' and organization_id = $1`,
    [ann.organizationId],
  );

describe('the meter of previews', () => {
  it('counts a file of which images were made once, by its kind, and nothing that was refused', async () => {
    const picture = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    expect((await get(picture)).body.previewStatus).toBe('ready');
    service.fault = 'refuses';
    await upload(contentOf(PNG, 'efgh'));
    await upload(EICAR);
    await app.drain();
    expect(await counted()).toEqual([
      { key: picture, quantity: 1, dimensions: expect.objectContaining({ kind: 'image' }) as unknown },
    ]);
  });
});

describe('a document', () => {
  const PDF = [...new TextEncoder().encode('%PDF-1.7\n')];

  it('gets images of the pages that it has, and says how many these are', async () => {
    const id = await upload(contentOf(PDF, 'abcd'));
    await app.drain();
    expect((await get(id)).body).toMatchObject({
      contentType: 'application/pdf',
      previewStatus: 'ready',
      preview: {
        pageCount: 2,
        shows: 'pages',
        durationSeconds: null,
        images: [
          { name: 'thumbnail.webp', width: 320 },
          { name: 'large.webp', width: 1280 },
          { name: 'page-2.webp', width: 1280 },
        ],
      },
    });
    expect((await get(`${id}/previews/page-2.webp`)).body).toBe('page 2 abcd');
    expect((await get(`${id}/previews/page-3.webp`)).body.code).toBe('files.no_preview');
  });

  it.each([
    ['text/plain', 'name,seat\nAnn,1\nabcd'],
    [
      'application/vnd.oasis.opendocument.text',
      `PK\u0003\u0004${' '.repeat(26)}mimetypeapplication/vnd.oasis.opendocument.textPKabcd`,
    ],
  ])('of type %s gets images of its first page, and says what they show', async (contentType, content) => {
    const id = await upload(content);
    await app.drain();
    const { body } = await get(id);
    expect(body).toMatchObject({
      contentType,
      previewStatus: 'ready',
      preview: { shows: 'text', images: [{ name: 'thumbnail.webp' }, { name: 'large.webp' }] },
    });
    expect(body.preview).not.toHaveProperty('pageCount');
    expect(body.preview.images).toHaveLength(2);
  });

  it('that the service refuses, because it is encrypted or none, has no preview', async () => {
    service.fault = 'refuses';
    const id = await upload(contentOf(PDF, 'abcd'));
    await app.drain();
    expect([await statusOf(id), images()]).toEqual(['failed', []]);
  });
});

describe('a picture', () => {
  it('gets a preview once it has been scanned, which lists show too', async () => {
    const id = await upload(contentOf(PNG, 'abcd'));
    expect((await get(id)).body).toMatchObject({ previewStatus: 'pending', preview: null });
    await app.drain();
    const { body } = await get(id);
    expect(body).toMatchObject({
      previewStatus: 'ready',
      preview: {
        width: 4000,
        height: 2000,
        durationSeconds: null,
        images: [
          { name: 'thumbnail.webp', contentType: 'image/webp', width: 320, height: 160, sizeBytes: 9 },
          { name: 'large.webp', contentType: 'image/webp', width: 1280 },
          { name: 'large.avif', contentType: 'image/avif', width: 1280 },
        ],
      },
    });
    expect((await get('?limit=10')).body.data).toContainEqual(body);
  });

  it('shows its preview to those who may download it, and to nobody else', async () => {
    const id = await upload(contentOf(PNG, 'abcd'), 'private');
    await app.drain();
    const { status, headers, body } = await get(`${id}/previews/large.avif?disposition=inline`);
    expect([status, body]).toEqual([200, 'avif abcd']);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'image/avif',
      'content-disposition': expect.stringMatching(/^inline/),
      'content-security-policy': expect.stringContaining('sandbox'),
      etag: `"${id}.large.avif"`,
    });
    const again = { 'if-none-match': `"${id}.large.avif"` };
    expect((await get(`${id}/previews/large.avif`, ann, again)).status).toBe(304);
    expect(await get(`${id}/previews/large.avif`, ben)).toMatchObject({
      status: 404,
      body: { code: 'files.not_found' },
    });
    expect(await get(`${id}/previews/poster.webp`)).toMatchObject({
      status: 404,
      body: { code: 'files.no_preview' },
    });
  });

  it('that the service refuses has no preview, and the service is not asked again', async () => {
    service.fault = 'refuses';
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    await sweep();
    expect([await statusOf(id), service.read.length, images()]).toEqual(['failed', 1, []]);
  });

  it('that is infected is not read for a preview', async () => {
    const id = await upload(contentOf(PNG, EICAR));
    await app.drain();
    expect([await statusOf(id), service.read]).toEqual(['none', []]);
  });
});

describe('a video', () => {
  it('gets a poster and a strip', async () => {
    const id = await upload(contentOf(MP4, 'abcd'));
    await app.drain();
    expect((await get(id)).body).toMatchObject({
      contentType: 'video/mp4',
      preview: { durationSeconds: 12.5, images: [{ name: 'poster.webp' }, { name: 'strip.webp' }] },
    });
    expect((await get(`${id}/previews/strip.webp`)).body).toBe('strip abcd');
  });
});

it('another file has no preview', async () => {
  const id = await upload(Uint8Array.of(0, 1, 2, 3));
  await app.drain();
  expect([await statusOf(id), service.read]).toEqual(['none', []]);
});

describe('a preview', () => {
  it('waits while the service is down, and is made when it is back', async () => {
    service.fault = 'is down';
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    await sweep();
    expect(await statusOf(id)).toBe('pending');
    service.fault = undefined;
    await sweep();
    expect(await statusOf(id)).toBe('ready');
  });

  it('waits while no service is configured', async () => {
    app.services.ports.compression = undefined;
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    await sweep();
    expect(await statusOf(id)).toBe('pending');
  });

  it('that cannot be made for two days has failed', async () => {
    service.fault = 'is down';
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    await ownerSql(`update files set preview_attempts = ${MAX_ATTEMPTS - 1} where id = '${id}'`);
    await sweep();
    expect(await statusOf(id)).toBe('failed');
  });

  it('that takes more than the service has three times has failed, and waits in the turn of its organization', async () => {
    service.fault = 'is exhausted';
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    for (const status of ['pending', 'pending', 'failed']) {
      await sweep();
      expect(await statusOf(id)).toBe(status);
    }
    expect(new Set(service.owners)).toEqual(new Set([ann.organizationId]));
  });

  it('that only waited behind others each time is still waited for', async () => {
    service.fault = 'is busy';
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    for (let sweeps = 0; sweeps < 4; sweeps++) await sweep();
    expect(await statusOf(id)).toBe('pending');
  });

  it('goes with its file', async () => {
    const id = await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    expect(images()).toHaveLength(3);
    await app.send('DELETE', `/api/v1/files/${id}?permanently=true`, { token: ann.token });
    expect(images()).toEqual([]);
  });

  it('leaves nothing for good when its file is deleted while it is made', async () => {
    const id = await upload(contentOf(PNG, 'abcd'));
    service.meanwhile = () =>
      app.send('DELETE', `/api/v1/files/${id}?permanently=true`, { token: ann.token });
    await app.drain();
    app.clock.advanceSeconds(2 * 86_400);
    await collectOrphans(app.services);
    expect(images()).toEqual([]);
  });

  it('of a file that exists is not collected', async () => {
    await upload(contentOf(PNG, 'abcd'));
    await app.drain();
    app.clock.advanceSeconds(2 * 86_400);
    await collectOrphans(app.services);
    expect(images()).toHaveLength(3);
  });
});
