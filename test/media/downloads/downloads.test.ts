import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';

const CONTENT = '0123456789';

let app: TestApp;
let ann: Person;
let ben: Person;
/** A text of ten bytes that all members may read. */
let fileId: string;

beforeEach(async () => {
  app = createTestApp();
  const { organizationId } = await app.person();
  ann = await app.person({ role: 'member', organizationId });
  ben = await app.person({ role: 'member', organizationId });
  fileId = await upload({ access: 'organization' });
});

async function upload(query: Record<string, string>, content: string | Uint8Array<ArrayBuffer> = CONTENT) {
  const { body } = await uploadFile(app, ann.token, { content, query });
  await setScan(body.id, 'clean');
  return body.id as string;
}
const setScan = (id: string, status: string) =>
  ownerSql('update files set scan_status = $2 where id = $1', [id, status]);
const download = (
  headers: Record<string, string> = {},
  { id = fileId, query = '', person = ben, method = 'GET' } = {},
) => app.send(method, `/api/v1/files/${id}/content${query}`, { token: person.token, headers });

describe('the bytes of a file', () => {
  it('come as a download that nothing runs in', async () => {
    const { status, headers, body } = await download();
    expect([status, body]).toEqual([200, CONTENT]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-length': '10',
      'accept-ranges': 'bytes',
      etag: `"${fileId}"`,
      'cache-control': 'private, no-cache',
      'content-disposition': `attachment; filename="notes.txt"; filename*=UTF-8''notes.txt`,
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', CONTENT, 'bytes 0-9/10'],
  ])('come in part for the range %s', async (range, part, contentRange) => {
    const { status, headers, body } = await download({ range });
    expect([status, body, headers.get('content-range')]).toEqual([206, part, contentRange]);
    expect(headers.get('content-length')).toBe(String(part.length));
  });

  it.each(['bytes=10-', 'bytes=-0', 'bytes=99-100'])('have none in the range %s', async (range) => {
    const { status, headers, body } = await download({ range });
    expect([status, body, headers.get('content-range')]).toEqual([416, '', 'bytes */10']);
  });

  it.each(['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=', 'bytes=a-b'])(
    'come whole for %s, which is no range that is served',
    async (range) => {
      expect(await download({ range })).toMatchObject({ status: 200, body: CONTENT });
    },
  );

  it('come again only when the copy of the caller is not current', async () => {
    const tag = `"${fileId}"`;
    for (const current of [tag, `W/${tag}`, `"x", ${tag}`, '*'])
      expect(await download({ 'if-none-match': current })).toMatchObject({ status: 304, body: '' });
    expect(await download({ 'if-none-match': '"x"' })).toMatchObject({ status: 200 });
    const { headers } = await download();
    const at = headers.get('last-modified')!;
    expect(await download({ 'if-modified-since': at })).toMatchObject({ status: 304 });
    expect(await download({ 'if-modified-since': at, 'if-none-match': '"x"' })).toMatchObject({
      status: 200,
    });
  });

  it('continue a part of the same version only', async () => {
    const range = 'bytes=5-';
    const { headers } = await download();
    for (const same of [headers.get('etag')!, headers.get('last-modified')!])
      expect(await download({ range, 'if-range': same })).toMatchObject({ status: 206, body: '56789' });
    for (const other of ['"x"', `W/"${fileId}"`, 'Mon, 05 Jan 2015 09:30:00 GMT'])
      expect(await download({ range, 'if-range': other })).toMatchObject({ status: 200, body: CONTENT });
  });

  it('are not opened for HEAD', async () => {
    app.objects.failWhen((call) => call === 'get');
    const { status, headers } = await download({}, { method: 'HEAD' });
    app.objects.failWhen(undefined);
    expect([status, headers.get('content-length')]).toEqual([200, '10']);
  });

  it('are shown only where nothing in them could run', async () => {
    const png = await upload(
      { access: 'organization' },
      Uint8Array.from(
        atob(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        ),
        (c) => c.charCodeAt(0),
      ),
    );
    const svg = await upload({ access: 'organization' }, '<?xml version="1.0"?><svg onload="alert(1)"/>');
    const shown = async (id: string) =>
      (await download({}, { id, query: '?disposition=inline' })).headers
        .get('content-disposition')!
        .split(';')[0];
    expect([await shown(png), await shown(svg)]).toEqual(['inline', 'attachment']);
  });

  it('carry a name in any script, and no header that the name makes up', async () => {
    const name = 'Übersicht "2026"; x=\u2019y\u2019.pdf';
    const id = await upload({ name, access: 'organization' });
    const { headers } = await download({}, { id });
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="_bersicht _2026_; x=_y_.pdf"; filename*=UTF-8''%C3%9Cbersicht%20%222026%22%3B%20x%3D%E2%80%99y%E2%80%99.pdf`,
    );
  });
});

describe('the scan of a file', () => {
  it.each([
    ['pending', 200, 'files.scan_pending', 409],
    ['failed', 200, 'files.not_scannable', 409],
    ['infected', 403, 'files.not_found', 404],
  ])('%s: decides who gets its bytes', async (status, ownerStatus, code, otherStatus) => {
    const id = await upload({ access: 'organization' });
    await setScan(id, status);
    expect((await download({}, { id, person: ann })).status).toBe(ownerStatus);
    expect(await download({}, { id })).toMatchObject({ status: otherStatus, body: { code } });
  });
});

const create = async (id: string, { token }: Person = ben) => {
  const answer = await app.send('POST', `/api/v1/files/${id}/download-url`, { token, body: {} });
  expect(answer).toMatchObject({
    status: 200,
    body: { url: expect.stringMatching(/^http:\/\/auralink\.test\//) },
  });
  return new URL(answer.body.url).pathname;
};
const open = (path: string, headers: Record<string, string> = {}) => app.send('GET', path, { headers });

describe('a signed address', () => {
  it('dies with the file, and with the access and the membership of the one who asked for it', async () => {
    const id = await upload({ access: 'organization' });
    const path = await create(id);
    const patch = (body: unknown) => app.send('PATCH', `/api/v1/files/${id}`, { token: ann.token, body });
    await patch({ access: 'private' });
    expect((await open(path)).status).toBe(404);
    await patch({ access: 'organization' });
    expect((await open(path)).status).toBe(200);
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [ben.userId]);
    expect((await open(path)).status).toBe(404);
    await ownerSql(`update members set status = 'active' where user_id = $1`, [ben.userId]);
    await app.send('DELETE', `/api/v1/files/${id}`, { token: ann.token });
    expect((await open(path)).status).toBe(404);
  });

  it('of an API key dies with the key, and with its scope', async () => {
    const admin = await app.person({ role: 'admin', organizationId: ann.organizationId });
    const { body: key } = await app.send('POST', '/api/v1/api-keys', {
      token: admin.token,
      body: { name: 'Files', scopes: ['files:read'] },
    });
    const answer = await app.send('POST', `/api/v1/files/${fileId}/download-url`, {
      token: key.secret,
      body: {},
    });
    const path = new URL(answer.body.url).pathname;
    expect((await open(path)).status).toBe(200);
    const setScopes = (scopes: string) =>
      ownerSql('update api_keys set scopes = $2::jsonb where id = $1', [key.id, scopes]);
    await setScopes('["rooms:read"]');
    expect(await open(path)).toMatchObject({ status: 404, body: { code: 'files.not_found' } });
    await setScopes('["files:read"]');
    expect((await open(path)).status).toBe(200);
    await app.send('DELETE', `/api/v1/api-keys/${key.id}`, { token: admin.token });
    expect((await open(path)).status).toBe(404);
  });

  it('that is not ours opens nothing', async () => {
    const path = await create(fileId);
    expect((await open(`${path.slice(0, -4)}AAAA`)).status).toBe(404);
    expect((await open(`/api/v1/downloads/${ann.token}`)).status).toBe(404);
  });
});

describe('a public file', () => {
  it('is for everybody once it is clean, and not when it is anything else', async () => {
    const id = await upload({ access: 'public' });
    const open = (of = id) => app.send('GET', `/api/v1/public-files/${of}/content`);
    expect(await open()).toMatchObject({ status: 200, body: CONTENT });
    expect((await open(fileId)).status).toBe(404);
    await setScan(id, 'pending');
    expect((await open()).status).toBe(404);
    await setScan(id, 'clean');
    await app.send('DELETE', `/api/v1/files/${id}`, { token: ann.token });
    expect((await open()).status).toBe(404);
  });
});

describe('an address', () => {
  it('works without a credential for an hour, with ranges', async () => {
    const path = await create(fileId);
    expect(await open(path, { range: 'bytes=0-2' })).toMatchObject({ status: 206, body: '012' });
    app.clock.advanceSeconds(3_601);
    expect(await open(path)).toMatchObject({ status: 410, body: { code: 'files.url_expired' } });
  });
});
