import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';

const CONTENT = '0123456789';
/** Shorter than the life of an access token. */
const LIFE_SECONDS = 60;

let app: TestApp;
let owner: Person;
let ann: Person;
let ben: Person;
/** A private file of Ann. */
let fileId: string;

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
  const { organizationId } = owner;
  ann = await app.person({ role: 'member', organizationId });
  ben = await app.person({ role: 'member', organizationId });
});
beforeEach(async () => {
  fileId = await upload(ann.token);
});

const setScan = (status: string, id = fileId) =>
  ownerSql('update files set scan_status = $2 where id = $1', [id, status]);

async function upload(token: string): Promise<string> {
  const { body } = await uploadFile(app, token, { content: CONTENT });
  await setScan('clean', body.id);
  return body.id;
}

const create = (body: object = {}, { token } = ann, id = fileId) =>
  app.send('POST', `/api/v1/files/${id}/links`, { token, body });
const createToken = async (body: object = {}) => (await create(body)).body.token as string;
const list = ({ token } = ann) => app.send('GET', `/api/v1/files/${fileId}/links`, { token });
const revoke = (linkId: string, { token } = ann) =>
  app.send('DELETE', `/api/v1/files/${fileId}/links/${linkId}`, { token });
const preview = (token: string) => app.send('POST', '/api/v1/shared-files/preview', { body: { token } });
const open = (token: string, password?: string, ip = '192.0.2.1') =>
  app.send('POST', '/api/v1/shared-files/open', {
    body: { token, ...(password === undefined ? {} : { password }) },
    headers: { 'cf-connecting-ip': ip },
  });
const fetchBytes = (url: string, headers: Record<string, string> = {}) =>
  app.send('GET', new URL(url).pathname, { headers });

const NOT_FOUND = { status: 404, body: { code: 'file_links.not_found' } };

describe('a file link', () => {
  it('gives the file to everybody who has it, in a sandbox and in ranges, and counts one download', async () => {
    const { status, body: made } = await create();
    expect(status).toBe(201);
    expect(made.url).toBe(`${app.services.config.PUBLIC_URL}/shared-files#token=${made.token}`);
    expect(await preview(made.token)).toMatchObject({
      status: 200,
      body: { requiresPassword: false, name: 'notes.txt', sizeBytes: 10, contentType: 'text/plain' },
    });
    const { body: download } = await open(made.token);
    expect(download).toMatchObject({ name: 'notes.txt', sizeBytes: 10 });
    const { body, headers } = await fetchBytes(download.url);
    expect(body).toBe(CONTENT);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-disposition')).toContain('attachment');
    expect(await fetchBytes(download.url, { range: 'bytes=2-4' })).toMatchObject({
      status: 206,
      body: '234',
    });
    const { body: links } = await list();
    expect(links.data).toMatchObject([{ id: made.id, downloads: 1, createdBy: ann.userId }]);
    expect(JSON.stringify(links)).not.toContain(made.token);
  });

  it('is created, listed and revoked by those who may change the file only', async () => {
    const { body: made } = await create();
    for (const answer of [await create({}, ben), await list(ben), await revoke(made.id, ben)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'files.not_found' } });
    expect((await list(owner)).body.data).toHaveLength(1);
    expect(await revoke(made.id, owner)).toMatchObject({ status: 204 });
    expect(await revoke(made.id, owner)).toMatchObject(NOT_FOUND);
  });

  it('gives no more downloads than its maximum, however many begin at once', async () => {
    const token = await createToken({ maxDownloads: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => open(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await preview(token)).toMatchObject(NOT_FOUND);
    const { url } = answers.find(({ status }) => status === 200)!.body;
    expect(await fetchBytes(url)).toMatchObject({ status: 200 });
  });

  it('with a password shows nothing before it, and is closed to a network after ten wrong ones', async () => {
    const token = await createToken({ password: 'tulip window' });
    expect((await preview(token)).body).toMatchObject({
      requiresPassword: true,
      name: null,
      sizeBytes: null,
    });
    expect(await open(token)).toMatchObject({ status: 401, body: { code: 'links.password_required' } });
    for (let attempt = 0; attempt < 10; attempt++)
      expect(await open(token, 'wrong')).toMatchObject({
        status: 401,
        body: { code: 'links.wrong_password' },
      });
    expect(await open(token, 'tulip window')).toMatchObject({ status: 429 });
    expect(await open(token, 'tulip window', '198.51.100.7')).toMatchObject({ status: 200 });
    const { body } = await list();
    expect(body.data).toMatchObject([{ hasPassword: true, downloads: 1 }]);
  });

  it.each(['unscanned', 'pending', 'failed', 'infected'])(
    'is not made of a file that is %s, and serves none',
    async (status) => {
      const token = await createToken();
      const { url } = (await open(token)).body;
      await setScan(status);
      expect((await create()).status).toSatisfy((code) => code === 409 || code === 403);
      for (const answer of [await preview(token), await open(token), await fetchBytes(url)])
        expect(answer).toMatchObject(NOT_FOUND);
    },
  );

  it('of a file that has 50 is refused', async () => {
    await Promise.all(Array.from({ length: 50 }, () => create()));
    expect(await create()).toMatchObject({ status: 409, body: { code: 'file_links.too_many' } });
  });

  it('with an expiry in the past is refused', async () => {
    const expiresAt = new Date(app.clock.now()).toISOString();
    expect(await create({ expiresAt })).toMatchObject({
      status: 400,
      body: { code: 'file_links.expiry_in_past' },
    });
  });

  it('leaves entries in the audit log: created, opened, revoked', async () => {
    const { body: made } = await create();
    await open(made.token);
    await revoke(made.id);
    const rows = await ownerSql(
      `select action, actor_kind from audit_logs where target_id = $1 and action like 'file_link.%' order by action`,
      [fileId],
    );
    expect(rows).toEqual([
      { action: 'file_link.created', actor_kind: 'user' },
      { action: 'file_link.opened', actor_kind: 'anonymous' },
      { action: 'file_link.revoked', actor_kind: 'user' },
    ]);
  });
});

/** What ends a link, and what brings it back. */
const ENDS: Record<string, [end: (linkId: string) => Promise<unknown>, undo?: () => Promise<unknown>]> = {
  'it is revoked': [(linkId) => revoke(linkId)],
  'it has expired': [async () => app.clock.advanceSeconds(LIFE_SECONDS)],
  'its file is deleted': [
    () => app.send('DELETE', `/api/v1/files/${fileId}`, { token: ann.token }),
    () => app.send('POST', `/api/v1/files/${fileId}/restore`, { token: ann.token }),
  ],
  'its file is past its expiry': [
    () => ownerSql(`update files set expires_at = created_at where id = $1`, [fileId]),
  ],
  'its creator is no active member': [
    () => ownerSql(`update members set status = 'suspended' where user_id = $1`, [ann.userId]),
    () => ownerSql(`update members set status = 'active' where user_id = $1`, [ann.userId]),
  ],
  'its creator may write no files': [
    () => ownerSql(`update members set role = 'guest' where user_id = $1`, [ann.userId]),
    () => ownerSql(`update members set role = 'member' where user_id = $1`, [ann.userId]),
  ],
  'its organization is deleted': [
    () => ownerSql('update organizations set deleted_at = now() where id = $1', [owner.organizationId]),
    () => ownerSql('update organizations set deleted_at = null where id = $1', [owner.organizationId]),
  ],
};

describe('a file link ends, for what has begun too, when', () => {
  it.each(Object.entries(ENDS))('%s', async (_name, [end, undo]) => {
    const expiresAt = new Date(app.clock.now() + LIFE_SECONDS * 1000).toISOString();
    const { body: made } = await create({ expiresAt });
    const { url } = (await open(made.token)).body;
    await end(made.id);
    for (const answer of [await preview(made.token), await open(made.token), await fetchBytes(url)])
      expect(answer).toMatchObject(NOT_FOUND);
    if (!undo) return;
    await undo();
    expect(await open(made.token)).toMatchObject({ status: 200 });
  });

  it('the API key that created it is revoked', async () => {
    const { body: key } = await app.send('POST', '/api/v1/api-keys', {
      token: owner.token,
      body: { name: 'Sync', scopes: ['files:write'] },
    });
    const id = await upload(key.secret);
    const { body: made } = await create({}, { ...ann, token: key.secret }, id);
    expect(await open(made.token)).toMatchObject({ status: 200 });
    await ownerSql('update api_keys set revoked_at = now() where id = $1', [key.id]);
    expect(await open(made.token)).toMatchObject(NOT_FOUND);
  });

  it('an administrator who created it for a file of another is none any more', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    const { body: made } = await create({}, admin);
    expect(await open(made.token)).toMatchObject({ status: 200 });
    await ownerSql(`update members set role = 'member' where user_id = $1`, [admin.userId]);
    expect(await open(made.token)).toMatchObject(NOT_FOUND);
  });
});
