import { beforeEach, describe, expect, it } from 'vitest';
import { collectOrphans } from '../../../src/media/file-erasure/collect-orphans.ts';
import { sweepFiles } from '../../../src/media/file-erasure/sweep-files.ts';
import { sha256Hex } from '../../../src/kernel/core/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { uploadFile } from '../../support/files.ts';

let app: TestApp;
let owner: Person;
let ann: Person;
let ben: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  const { organizationId } = owner;
  ann = await app.person({ role: 'member', organizationId });
  ben = await app.person({ role: 'member', organizationId });
});

const upload = (content: string, query: Record<string, string> = {}, { token } = ann) =>
  uploadFile(app, token, { content, query });
const get = (path: string, { token }: { token: string } = ann) =>
  app.send('GET', `/api/v1/files${path}`, { token });
const change = (method: string, path: string, body?: unknown, { token } = ann) =>
  app.send(method, `/api/v1/files${path}`, { token, ...(body === undefined ? {} : { body }) });
const ids = async (query = '', person = ann) =>
  (await get(`?limit=100${query}`, person)).body.data.map(({ id }: { id: string }) => id);
const keyOf = (id: string) => `files/${owner.organizationId}/${id}`;

describe('a file that is uploaded in one request', () => {
  it('is stored with its size, its checksum and the type of its content', async () => {
    const { status, body } = await upload('Hello, files', { name: 'photo.png' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        name: 'photo.png',
        contentType: 'text/plain',
        sizeBytes: 12,
        checksum: await sha256Hex('Hello, files'),
        access: 'private',
        ownerId: ann.userId,
        scanStatus: 'pending',
      },
    });
    expect(app.objects.texts().get(keyOf(body.id))).toBe('Hello, files');
    expect((await get(`/${body.id}`)).body).toEqual(body);
    expect(await ids()).toContain(body.id);
  });

  it('is refused as a form, which would be stored around it', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    expect(await uploadFile(app, ann.token, { content: 'abc', headers })).toMatchObject({ status: 415 });
  });

  it('may be empty', async () => {
    expect(await upload('')).toMatchObject({ status: 201, body: { sizeBytes: 0 } });
  });

  it('is refused without its length, and beyond what one request may bring', async () => {
    const send = (length: string | undefined) =>
      app.send('POST', '/api/v1/files?name=a', {
        token: ann.token,
        raw: 'abc',
        headers: length === undefined ? {} : { 'content-length': length },
      });
    expect(await send(undefined)).toMatchObject({ status: 411, body: { code: 'files.length_required' } });
    expect(await send('100000001')).toMatchObject({ status: 413, body: { code: 'files.too_large' } });
  });

  it('is refused when its bytes have another checksum, and then leaves nothing', async () => {
    const digest = btoa(String.fromCharCode(...new Uint8Array(32)));
    const answer = await uploadFile(app, ann.token, {
      content: 'abc',
      name: 'wrong.txt',
      headers: { 'content-digest': `sha-256=:${digest}:` },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'files.checksum_mismatch' } });
    expect(await ownerSql(`select from files where name = 'wrong.txt'`)).toEqual([]);
  });

  it('is refused when fewer bytes come than it said, and then leaves nothing', async () => {
    const answer = await uploadFile(app, ann.token, {
      content: 'abc',
      name: 'short.txt',
      headers: { 'content-length': '5' },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'files.upload_incomplete' } });
    expect(await ownerSql(`select from files where name = 'short.txt'`)).toEqual([]);
  });
});

describe('an upload in one request that fails at its end', () => {
  const has = async (name: string) =>
    (await ownerSql('select from files where name = $1', [name])).length > 0;
  /** A body that does something before its last byte, once it is read. */
  const bodyAfter = (work: () => Promise<unknown>) =>
    new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await work();
          controller.enqueue(new TextEncoder().encode('abc'));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
  const send = (name: string, work: () => Promise<unknown>, { token } = ann, query = '') =>
    app.send('POST', `/api/v1/files?name=${name}${query}`, {
      token,
      raw: bodyAfter(work),
      headers: { 'content-length': '3', 'content-type': 'application/octet-stream' },
    });

  it.each(['put', 'get'])(
    'is answered as a fault of the storage when that fails at %s, and leaves nothing',
    async (call) => {
      app.objects.failWhen((failing) => failing === call);
      const answer = await upload('abc', { name: `failed-${call}` });
      app.objects.failWhen(undefined);
      expect(answer).toMatchObject({ status: 503, body: { code: 'server.unavailable' } });
      expect(await has(`failed-${call}`)).toBe(false);
    },
  );

  it('is given up while object storage is down altogether', async () => {
    app.objects.failWhen((call) => call !== 'list');
    const answer = await upload('abc', { name: 'down' });
    app.objects.failWhen(undefined);
    expect([answer.status, await has('down')]).toEqual([503, false]);
  });

  it('answers with its own error when it cannot be given up either, and is given up after 10 minutes', async () => {
    const person = await app.person({ role: 'member', organizationId: owner.organizationId });
    const answer = await send(
      'held',
      () => ownerSql('delete from sessions where user_id = $1', [person.userId]),
      person,
    );
    const [held] = await ownerSql<{ seconds: string }>(
      `select extract(epoch from upload_ends_at - created_at)::text as seconds from files where name = 'held'`,
    );
    expect([answer.status, Number(held!.seconds)]).toEqual([401, 600]);
  });

  it('is not refused because the plan of the organization changed meanwhile', async () => {
    const person = await app.person();
    const answer = await send(
      'plan',
      () => ownerSql(`update organizations set plan = 'pro' where id = $1`, [person.organizationId]),
      person,
    );
    expect(answer.status).toBe(201);
  });

  it('is refused when its session ended meanwhile', async () => {
    const person = await app.person({ role: 'member', organizationId: owner.organizationId });
    const answer = await send(
      'session',
      () => ownerSql('delete from sessions where user_id = $1', [person.userId]),
      person,
    );
    expect(answer.status).toBe(401);
  });

  it('is refused when its uploader was removed from the room meanwhile, and leaves nothing', async () => {
    const { body: room } = await app.send('POST', '/api/v1/rooms', {
      token: ann.token,
      body: { name: 'Room' },
    });
    const join = ({ token }: Person) =>
      app.send('POST', `/api/v1/rooms/${room.id}/token`, { token, body: {} });
    await join(ann);
    const { participantId } = (await join(ben)).body;
    const path = `/api/v1/rooms/${room.id}/participants/${participantId}`;
    const remove = () => app.send('DELETE', path, { token: ann.token });
    const answer = await send('removed', remove, ben, `&roomId=${room.id}`);
    expect(answer).toMatchObject({ status: 403, body: { code: 'rooms.removed' } });
    expect(await has('removed')).toBe(false);
  });
});

describe('the storage of an organization', () => {
  it('holds no more than its plan allows, with deleted files until they are erased', async () => {
    const person = await app.person();
    await ownerSql(`update organizations set limits = '{"storage_bytes": 10}' where id = $1`, [
      person.organizationId,
    ]);
    const first = await upload('1234567', {}, person);
    expect(await upload('1234', {}, person)).toMatchObject({
      status: 402,
      body: { code: 'billing.limit_reached', limit: { name: 'storage_bytes', value: 10, used: 7, left: 3 } },
    });
    await change('DELETE', `/${first.body.id}`, undefined, person);
    expect(await upload('1234', {}, person)).toMatchObject({ status: 402 });
    const erased = await change('DELETE', `/${first.body.id}?permanently=true`, undefined, person);
    expect(erased.status).toBe(204);
    expect(await upload('1234', {}, person)).toMatchObject({ status: 201 });
  });

  it('has no file that is larger than the plan allows', async () => {
    const person = await app.person();
    await ownerSql(`update organizations set limits = '{"file_bytes": 3}' where id = $1`, [
      person.organizationId,
    ]);
    expect(await upload('1234', {}, person)).toMatchObject({
      status: 402,
      body: { limit: { name: 'file_bytes', value: 3 } },
    });
  });
});

describe('the totals of an organization', () => {
  it('are what its files come to, whatever ended them, and are read without them', async () => {
    const manager = await app.person();
    const { organizationId } = manager;
    const leaving = await app.person({ role: 'member', organizationId });
    const [kept, erased] = [await upload('12345', {}, manager), await upload('1234', {}, manager)];
    await change('DELETE', `/${kept.body.id}`, undefined, manager);
    await change('DELETE', `/${erased.body.id}?permanently=true`, undefined, manager);
    await upload('123', {}, leaving);
    await upload('', {}, manager);
    const read = async () => {
      const answer = await app.send('GET', '/api/v1/billing/entitlements', { token: manager.token });
      const used = (name: string) =>
        answer.body.limits.find((limit: { name: string }) => limit.name === name).used;
      return [used('files'), used('storage_bytes')];
    };
    expect(await read()).toEqual([3, 8]);
    await ownerSql('delete from users where id = $1', [leaving.userId]);
    expect(await read()).toEqual([2, 5]);
    await ownerSql('delete from organizations where id = $1', [organizationId]);
    const wrong = await ownerSql(
      `select from storage_totals t full join
         (select organization_id, count(*) as files, sum(size_bytes) as size_bytes from files group by organization_id) f
         using (organization_id)
       where (coalesce(t.files, 0), coalesce(t.size_bytes, 0)) is distinct from (coalesce(f.files, 0), coalesce(f.size_bytes, 0))`,
    );
    expect(wrong).toEqual([]);
  });
});

describe('a file shows', () => {
  it('to its owner and to administrators while it is private', async () => {
    const { id } = (await upload('mine')).body;
    expect((await get(`/${id}`, owner)).status).toBe(200);
    expect(await get(`/${id}`, ben)).toMatchObject({ status: 404, body: { code: 'files.not_found' } });
    expect(await ids('', ben)).not.toContain(id);
  });

  it('to an API key when it uploaded it or the organization may read it, and with `files:manage` whosever it is', async () => {
    const createKey = async (...scopes: string[]) => {
      const body = { name: scopes.join(' '), scopes };
      return (await app.send('POST', '/api/v1/api-keys', { token: owner.token, body })).body.secret as string;
    };
    const [plain, manager] = [await createKey('write'), await createKey('files:write', 'files:manage')];
    const secret = (await upload('of ann')).body.id as string;
    const shared = (await upload('of all', { access: 'organization' })).body.id as string;
    const own = (await upload('of the key', {}, { ...ann, token: plain })).body.id as string;
    const read = async (id: string, token: string) => (await get(`/${id}`, { token })).status;
    const remove = (id: string, token: string) =>
      app.send('DELETE', `/api/v1/files/${id}`, { token }).then(({ status }) => status);
    expect([await read(secret, plain), await read(shared, plain), await read(own, plain)]).toEqual([
      404, 200, 200,
    ]);
    const listed = (await get('?limit=100', { token: plain })).body.data.map(({ id }: { id: string }) => id);
    expect(listed).toEqual(expect.arrayContaining([own, shared]));
    expect(listed).not.toContain(secret);
    expect([await remove(secret, plain), await remove(shared, plain), await remove(own, plain)]).toEqual([
      404, 404, 204,
    ]);
    expect([await read(secret, manager), await remove(secret, manager)]).toEqual([200, 204]);
    expect((await get('?deleted=true', { token: plain })).body.data).toMatchObject([{ id: own }]);
  });

  it('to all members when the organization may read it, but not to other organizations', async () => {
    const { id } = (await upload('ours', { access: 'organization' })).body;
    expect((await get(`/${id}`, ben)).status).toBe(200);
    expect((await get(`/${id}`, await app.person())).status).toBe(404);
  });

  it('in a call to the people who took part in it, and to no others', async () => {
    const { body: room } = await app.send('POST', '/api/v1/rooms', {
      token: ann.token,
      body: { name: 'Room' },
    });
    const join = ({ token }: Person) =>
      app.send('POST', `/api/v1/rooms/${room.id}/token`, { token, body: {} });
    expect((await join(ann)).status).toBe(200);
    const { body: file } = await upload('for the call', { roomId: room.id });
    expect(file).toMatchObject({ access: 'participants', roomId: room.id, callId: expect.any(String) });
    expect((await get(`/${file.id}`, ben)).status).toBe(404);
    const { participantId } = (await join(ben)).body;
    expect((await get(`/${file.id}`, ben)).status).toBe(200);
    expect(await ids(`&roomId=${room.id}`, ben)).toEqual([file.id]);
    const { body: later } = await upload('for the room', { roomId: room.id });
    await ownerSql('update files set call_id = null where id = $1', [later.id]);
    expect(new Set(await ids(`&roomId=${room.id}`))).toEqual(new Set([file.id, later.id]));
    expect(await ids(`&callId=${file.callId}`)).toEqual([file.id]);
    expect(await ids(`&callId=${file.callId}`, await app.person())).toEqual([]);
    await app.send('DELETE', `/api/v1/rooms/${room.id}/participants/${participantId}`, { token: ann.token });
    expect((await get(`/${file.id}`, ben)).status).toBe(404);
  });

  it('for participants only in a room', async () => {
    expect(await upload('nowhere', { access: 'participants' })).toMatchObject({
      status: 400,
      body: { code: 'files.room_required' },
    });
  });
});

describe('a change', () => {
  it('of name, access and expiry is for the owner, and needs the version that was read', async () => {
    const { body: file, headers } = await upload('text', { access: 'organization' });
    const body = { name: 'renamed.txt', access: 'private' };
    expect((await change('PATCH', `/${file.id}`, body, ben)).status).toBe(404);
    const updated = await app.send('PATCH', `/api/v1/files/${file.id}`, {
      token: ann.token,
      body,
      headers: { 'if-match': headers.get('etag')! },
    });
    expect(updated).toMatchObject({ status: 200, body });
    expect(
      await app.send('PATCH', `/api/v1/files/${file.id}`, {
        token: ann.token,
        body: { name: 'late.txt' },
        headers: { 'if-match': headers.get('etag')! },
      }),
    ).toMatchObject({ status: 412 });
    const past = new Date(app.clock.now() - 1000).toISOString();
    expect(await change('PATCH', `/${file.id}`, { expiresAt: past })).toMatchObject({
      status: 400,
      body: { code: 'files.expiry_in_past' },
    });
  });
});

describe('a deleted file', () => {
  it('is gone with its expiry: neither listed nor restored', async () => {
    const { body } = await upload('short-lived');
    await change('DELETE', `/${body.id}`);
    await ownerSql('update files set expires_at = $2 where id = $1', [
      body.id,
      new Date(app.clock.now()).toISOString(),
    ]);
    expect(await ids('&deleted=true')).not.toContain(body.id);
    expect((await change('POST', `/${body.id}/restore`, {})).status).toBe(404);
  });

  it('is hidden, and can be restored by its owner for 30 days', async () => {
    const { id } = (await upload('back again', { access: 'organization' })).body;
    expect((await change('DELETE', `/${id}`)).status).toBe(204);
    expect((await get(`/${id}`)).status).toBe(404);
    expect(await ids('&deleted=true')).toContain(id);
    expect(await ids('&deleted=true', ben)).not.toContain(id);
    expect((await change('POST', `/${id}/restore`, {}, ben)).status).toBe(404);
    expect(await change('POST', `/${id}/restore`, {})).toMatchObject({
      status: 200,
      body: { deletedAt: null },
    });
    expect((await get(`/${id}`)).status).toBe(200);
  });
});

describe('the sweep', () => {
  it('erases files past their expiry or their time to be restored, and uploads that were given up, with their bytes', async () => {
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    const expired = (await upload('short-lived', { expiresAt })).body.id as string;
    const deleted = (await upload('deleted')).body.id as string;
    const kept = (await upload('kept')).body.id as string;
    const abandoned = (await upload('abandoned')).body.id as string;
    await change('DELETE', `/${deleted}`);
    await ownerSql(
      `update files set status = 'uploading', upload_ends_at = now() - interval '1 second' where id = $1`,
      [abandoned],
    );
    app.clock.advanceSeconds(61);
    expect((await get(`/${expired}`)).status).toBe(404);
    await sweepFiles(app.services);
    const left = async () =>
      (await ownerSql<{ id: string }>('select id from files'))
        .map(({ id }) => id)
        .filter((id) => all.includes(id))
        .toSorted();
    const all = [expired, deleted, kept, abandoned];
    expect(await left()).toEqual([deleted, kept].toSorted());
    app.clock.advanceSeconds(30 * 86_400);
    await sweepFiles(app.services);
    expect(await left()).toEqual([kept]);
    expect(all.filter((id) => app.objects.texts().has(keyOf(id)))).toEqual([kept]);
  });
});

describe('bytes whose row is gone', () => {
  it('are deleted a day later, and no others', async () => {
    const person = await app.person();
    const keep = async (of: Person) => (await upload('bytes', {}, of)).body.id as string;
    const [orphan, kept] = [await keep(person), await keep(await app.person())];
    await ownerSql('delete from organizations where id = $1', [person.organizationId]);
    const has = (id: string) => [...app.objects.texts().keys()].some((key) => key.endsWith(id));
    await collectOrphans(app.services);
    expect(has(orphan)).toBe(true);
    app.clock.advanceSeconds(86_400);
    await collectOrphans(app.services);
    expect([has(orphan), has(kept)]).toEqual([false, true]);
  });

  it('are found behind any number of other objects, deleted again after a failure, and hold back no other', async () => {
    const [orphan, behind] = [keyOf('file_zzz'), keyOf('zzz')];
    for (const key of [orphan, behind]) await app.objects.put(key, 'bytes', { contentType: 'text/plain' });
    app.clock.advanceSeconds(86_400);
    for (let count = 0; count < 1_000; count++)
      await app.objects.put(keyOf(`young${count}`), '', { contentType: 'text/plain' });
    app.objects.failWhen((call, key) => call === 'delete' && key === orphan);
    const run = () =>
      collectOrphans(app.services).then(
        ({ deleted }) => deleted > 0,
        () => 'failed',
      );
    const runs: unknown[] = [];
    while (!runs.includes('failed') && runs.length < 5) runs.push(await run());
    expect(runs.at(-1)).toBe('failed');
    while (app.objects.texts().has(behind) && runs.length < 10) runs.push(await run());
    expect([orphan, behind].map((key) => app.objects.texts().has(key))).toEqual([true, false]);
    app.objects.failWhen(undefined);
    while (app.objects.texts().has(orphan) && runs.length < 10) runs.push(await run());
    expect(app.objects.texts().has(orphan)).toBe(false);
    for (let count = 0; count < 1_000; count++) app.objects.tamper(keyOf(`young${count}`), undefined);
  });
});
