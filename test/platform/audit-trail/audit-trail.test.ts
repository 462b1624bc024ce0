import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { sealOrganization } from '../../../src/platform/audit-chain/index.ts';
import { verifyAuditBundle } from '../../../workers/ops/audit-verify.ts';
import { type Person, type TestResponse } from '../../support/app.ts';
import { type AuditFixture, createAuditFixture } from '../../support/audit-fixture.ts';

let world: AuditFixture;
let folder: string;

beforeAll(async () => {
  world = createAuditFixture();
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
});
afterAll(() => rm(folder, { recursive: true }));

const get = (person: Person, path: string) =>
  world.app.send('GET', `/api/v1/audit${path}`, { token: person.token });

async function exported(person: Person, body: object): Promise<TestResponse> {
  const begun = await world.app.send('POST', '/api/v1/audit/logs/export', { token: person.token, body });
  expect(begun.status).toBe(202);
  await world.app.drain();
  const location = begun.headers.get('location')!;
  const operation = await world.app.send('GET', location, { token: person.token });
  expect(operation.body).toMatchObject({ status: 'succeeded', progress: 100, kind: 'audit.export' });
  const result = await world.app.send('GET', operation.body.resultUrl, { token: person.token });
  expect(result.status).toBe(200);
  return result;
}

describe('reading the audit log', () => {
  it('shows changes newest first, page by page, without secrets', async () => {
    const owner = await world.app.person();
    const path = `/api/v1/organizations/${owner.organizationId}`;
    for (const name of ['One', 'Two', 'Three']) {
      await world.app.send('PATCH', path, { token: owner.token, body: { name } });
      world.app.clock.advanceSeconds(1);
    }
    const first = await get(owner, '/logs?limit=2');
    expect(first.body.data.map((entry: { after: { name: string } }) => entry.after.name)).toEqual([
      'Three',
      'Two',
    ]);
    expect(first.body.data[0]).toMatchObject({
      action: 'organization.updated',
      actorId: owner.userId,
      targetId: owner.organizationId,
      before: { name: 'Two' },
      seal: null,
    });
    expect(first.body.data[0]).not.toHaveProperty('salts');
    const second = await get(owner, `/logs?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.data.map((entry: { after: { name: string } }) => entry.after.name)).toEqual(['One']);
    expect(second.body.nextCursor).toBeNull();
    const one = await get(owner, `/logs/${first.body.data[0].id}`);
    expect(one.body).toEqual(first.body.data[0]);
  });

  it('filters by action, actor, target, severity and time', async () => {
    const owner = await world.app.person();
    const admin = await world.app.person({ role: 'admin', organizationId: owner.organizationId });
    await world.write(owner, 2);
    const middle = new Date(world.app.clock.now()).toISOString();
    await world.write(admin, 1, { action: 'thing.lost', severity: 'critical' });
    await world.write(admin, 1, { target: { type: 'box', id: 'box_1' } });
    const count = async (query: string) => (await get(owner, `/logs?${query}`)).body.data.length;
    expect(await count('')).toBe(4);
    expect(await count('action=thing.lost')).toBe(1);
    expect(await count(`actorId=${owner.userId}`)).toBe(2);
    expect(await count('targetType=box')).toBe(1);
    expect(await count('targetType=thing&targetId=thing_1')).toBe(1);
    expect(await count('severity=critical')).toBe(1);
    expect(await count(`from=${middle}`)).toBe(2);
    expect(await count(`to=${middle}`)).toBe(2);
    expect(await count(`from=${middle}&to=9999-01-01T00:00:00Z&action=thing.changed`)).toBe(1);
    expect((await get(owner, `/logs?from=${middle}&to=${middle}`)).status).toBe(400);
    expect((await get(owner, '/logs?from=yesterday')).status).toBe(400);
  });

  it('answers 404 for an entry of another organization, and 403 without the permission', async () => {
    const [owner, outsider] = [await world.app.person(), await world.app.person()];
    const member = await world.app.person({ role: 'member', organizationId: owner.organizationId });
    await world.write(owner, 1);
    const { id } = (await get(owner, '/logs')).body.data[0];
    expect((await get(outsider, `/logs/${id}`)).body.code).toBe('audit.not_found');
    for (const path of ['/logs', '/logs/stats', '/verify', `/logs/${id}`])
      expect((await get(member, path)).status).toBe(403);
  });

  it('takes one round trip, also for statistics', async () => {
    const owner = await world.app.person();
    await world.write(owner, 1);
    for (const path of ['/logs', '/logs/stats']) {
      const before = world.app.roundTrips();
      await get(owner, path);
      expect(world.app.roundTrips() - before).toBe(1);
    }
  });
});

describe('statistics', () => {
  it('count by severity, action, actor, target and bucket, including empty buckets', async () => {
    const owner = await world.app.person();
    const admin = await world.app.person({ role: 'admin', organizationId: owner.organizationId });
    await world.write(owner, 3);
    await world.write(admin, 2, { action: 'thing.lost', severity: 'critical' });
    await world.passSeconds(owner, 86_400);
    await world.write(owner, 1, { severity: 'warning', target: { type: 'box', id: 'b' } });
    const { body } = await get(owner, '/logs/stats?period=daily&buckets=4');
    expect(body.total).toBe(6);
    expect(body.bySeverity).toEqual({ info: 3, warning: 1, error: 0, critical: 2 });
    expect(body.byAction).toEqual([
      { action: 'thing.changed', count: 4 },
      { action: 'thing.lost', count: 2 },
    ]);
    expect(body.byActor).toEqual([
      { actorKind: 'user', actorId: owner.userId, count: 4 },
      { actorKind: 'user', actorId: admin.userId, count: 2 },
    ]);
    expect(body.byTarget).toEqual([
      { targetType: 'thing', count: 5 },
      { targetType: 'box', count: 1 },
    ]);
    expect(body.buckets).toHaveLength(4);
    expect(body.buckets.reduce((sum: number, each: { count: number }) => sum + each.count, 0)).toBe(6);
    expect(body.buckets.at(-1).startsAt).toBe(
      `${new Date(world.app.clock.now()).toISOString().slice(0, 10)}T00:00:00.000Z`,
    );
    expect(body.recentCritical.map((entry: { action: string }) => entry.action)).toEqual([
      'thing.lost',
      'thing.lost',
    ]);
    for (const period of ['weekly', 'monthly']) {
      const longer = await get(owner, `/logs/stats?period=${period}&buckets=3`);
      expect(longer.body.buckets.reduce((sum: number, each: { count: number }) => sum + each.count, 0)).toBe(
        6,
      );
    }
    expect((await get(owner, '/logs/stats?buckets=93')).status).toBe(400);
  });
});

describe('exports', () => {
  it('begins a CSV with a byte order mark where that is asked for, by which spreadsheets recognize UTF-8', async () => {
    const owner = await world.app.person();
    const put = vi.spyOn(world.app.objects, 'put');
    const formats = [
      { format: 'csv', byteOrderMark: true },
      { format: 'csv' },
      { format: 'jsonl', byteOrderMark: true },
    ];
    for (const body of formats) await exported(owner, body);
    // Exports of other tests may run meanwhile.
    const keys = put.mock.calls.map(([key]) => key).filter((key) => key.includes(owner.organizationId));
    put.mockRestore();
    const beginnings = [];
    for (const key of keys) {
      // Decoding would leave the mark out.
      const bytes = await new Response((await world.app.objects.get(key))!.body).arrayBuffer();
      beginnings.push(Buffer.from(bytes).subarray(0, 4).toString('utf8'));
    }
    expect(beginnings).toEqual(['\uFEFF"', '"id"', '{"id']);
  });

  it('as CSV contain no formula', async () => {
    const owner = await world.app.person();
    await world.write(owner, 1, { target: { type: 'thing', id: '=HYPERLINK("http://evil")' } });
    await world.write(owner, 1, { target: { type: '+1', id: '@x' }, after: { text: 'a "quoted", text\n' } });
    await world.write(owner, 1, { target: { type: 'thing', id: '＝HYPERLINK("http://evil")' } });
    const { body, headers } = await exported(owner, { format: 'csv' });
    expect(headers.get('content-type')).toContain('text/csv');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/);
    const lines = (body as string).trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain('"id","createdAt","actorKind"');
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect(lines[2]).toContain(`"'+1","'@x"`);
    expect(body).not.toMatch(/(^|,)"[=+\-@＝]/m);
  });

  it('as JSON lines contain the requested range, and the export itself', async () => {
    const owner = await world.app.person();
    await world.write(owner, 2);
    const from = new Date(world.app.clock.now()).toISOString();
    await world.write(owner, 3);
    const { body } = await exported(owner, { format: 'jsonl', from });
    const entries = (body as string)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map((entry) => entry.action)).toEqual([
      'thing.changed',
      'thing.changed',
      'thing.changed',
      'audit.exported',
    ]);
    expect(entries[3]).toMatchObject({ severity: 'warning', after: { format: 'jsonl', from, to: null } });
  });

  it('require the permission to export', async () => {
    const owner = await world.app.person();
    const member = await world.app.person({ role: 'member', organizationId: owner.organizationId });
    const begun = await world.app.send('POST', '/api/v1/audit/logs/export', {
      token: member.token,
      body: { format: 'csv' },
    });
    expect(begun.status).toBe(403);
    const own = await world.app.send('POST', '/api/v1/audit/logs/export', {
      token: owner.token,
      body: { format: 'csv' },
    });
    // A member may read operations, but not one whose request they were not allowed to make.
    const location = own.headers.get('location')!;
    expect((await world.app.send('GET', location, { token: member.token })).status).toBe(404);
    const list = await world.app.send('GET', '/api/v1/operations', { token: member.token });
    expect(list.body.data).toEqual([]);
    expect(
      (await world.app.send('GET', '/api/v1/operations', { token: owner.token })).body.data,
    ).toHaveLength(1);
  });
});

describe('a signed bundle', () => {
  const verify = async (name: string, text: string, ...options: string[]) => {
    const path = join(folder, name);
    await writeFile(path, text);
    const said: string[] = [];
    const code = await verifyAuditBundle([path, ...options], (line) => said.push(line));
    return { code, said };
  };
  const keysFile = async () => {
    const path = join(folder, 'jwks.json');
    await writeFile(path, JSON.stringify(await world.app.services.signer.jwks()));
    return path;
  };

  it('is verified offline with the published keys', async () => {
    const owner = await world.app.person();
    await world.write(owner, 5, { after: { text: 'a\u2028b' } });
    const { body } = await exported(owner, { format: 'bundle' });
    const { code, said } = await verify('good.jsonl', body, '--jwks', await keysFile());
    expect(said).toEqual([`valid: 6 sealed and 0 unsealed entries of ${owner.organizationId}; problems: 0`]);
    expect(code).toBe(0);
    const own = await verify('good.jsonl', body);
    expect(own.code).toBe(0);
    expect(own.said[0]).toContain('give --jwks');
  });

  it('of a time range contains the chain through it, with a neighbour on each side', async () => {
    const owner = await world.app.person();
    await world.write(owner, 3);
    const from = new Date(world.app.clock.now()).toISOString();
    await world.write(owner, 3);
    const to = new Date(world.app.clock.now()).toISOString();
    await world.write(owner, 3);
    const { body } = await exported(owner, { format: 'bundle', from, to });
    const places = (body as string)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq ?? null);
    expect(places).toEqual([null, 4, 5, 6, 7, null]);
    expect((await verify('range.jsonl', body, '--jwks', await keysFile())).code).toBe(0);
    await world.passSeconds(owner, 3600);
    const empty = await exported(owner, { format: 'bundle', to: from, from: '2020-01-01T00:00:00Z' });
    expect((await verify('front.jsonl', empty.body, '--jwks', await keysFile())).code).toBe(0);
    const none = await exported(owner, { format: 'bundle', to: '2020-01-01T00:00:00Z' });
    expect((await verify('none.jsonl', none.body, '--jwks', await keysFile())).code).toBe(0);
    const late = await exported(owner, { format: 'bundle', from: '2999-01-01T00:00:00Z' });
    expect((await verify('late.jsonl', late.body, '--jwks', await keysFile())).said).toHaveLength(1);
  });

  it('reveals earlier tampering with the database, also a tail cut off with every trace of it', async () => {
    const owner = await world.app.person();
    const { organizationId } = owner;
    await world.write(owner, 4);
    await sealOrganization(world.app.services, organizationId);
    const key = [...world.app.objects.texts()].find(([name]) => name.includes(organizationId))!;
    world.app.clock.advanceSeconds(60);
    const [kept] = await world.tamper([
      'select hash from audit_logs where organization_id = $1 and seq = 2',
      [organizationId],
    ]);
    await world.tamper(
      ['delete from audit_logs where organization_id = $1 and seq > 2', [organizationId]],
      ['delete from audit_checkpoints where organization_id = $1', [organizationId]],
      [
        'update audit_chains set head_seq = 2, head_hash = $2 where organization_id = $1',
        [organizationId, kept!.hash],
      ],
    );
    const { body } = await exported(owner, { format: 'bundle' });
    const { code, said } = await verify('cut.jsonl', body, '--jwks', await keysFile());
    expect(code).toBe(1);
    expect(said[0]).toMatch(
      /^cut_tail: the tail is cut off: the chain ends at entry 3, but the checkpoint of .* counts 4$/,
    );
    // The same with a checkpoint kept elsewhere, when object storage has lost its copy too.
    world.app.objects.tamper(key[0], undefined);
    const later = await exported(owner, { format: 'bundle' });
    const path = join(folder, 'kept.jws');
    await writeFile(path, `${key[1]}\n`);
    const again = await verify('cut2.jsonl', later.body, '--jwks', await keysFile(), '--checkpoint', path);
    expect(again.code).toBe(1);
    expect(again.said.join('\n')).toContain('checkpoint_mismatch');
  });

  it('stays valid after an erasure, and reports one line for an unreadable file', async () => {
    await expect(verifyAuditBundle([], () => undefined)).rejects.toThrow('usage:');
    await expect(verifyAuditBundle([join(folder, 'nothing.jsonl')], () => undefined)).rejects.toThrow(
      'cannot be read',
    );
    const bad = join(folder, 'bad.json');
    await writeFile(bad, '{"keys": 7}');
    await expect(verifyAuditBundle(['x', '--jwks', bad], () => undefined)).rejects.toThrow('not a JWK set');
    expect((await verify('empty.jsonl', '')).said[0]).toBe('malformed: the file is empty');
  });
});
