import { beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import {
  erasePersonalFields,
  sealAllOrganizations,
  sealOrganization,
} from '../../../src/platform/audit-chain/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import type { DbScope } from '../../../src/kernel/db/index.ts';
import { type Person } from '../../support/app.ts';
import { type AuditFixture, createAuditFixture } from '../../support/audit-fixture.ts';

let world: AuditFixture;

beforeAll(() => {
  world = createAuditFixture();
});

const verify = async (person: Person, query = '') =>
  (await world.app.send('GET', `/api/v1/audit/verify${query}`, { token: person.token })).body;

describe('sealing', () => {
  it('numbers every entry in the order of writing, and signs a checkpoint over the end', async () => {
    const owner = await world.app.person();
    await world.write(owner, 5);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 0, unsealedCount: 5 });
    expect(await sealOrganization(world.app.services, owner.organizationId)).toBe(5);
    const report = await verify(owner);
    expect(report).toMatchObject({ valid: true, complete: true, sealedCount: 5, unsealedCount: 0, toSeq: 5 });
    expect(report.checkpoint).toMatchObject({ seq: 5, headHash: report.headHash, keyId: 'k1' });
    const logs = await world.app.send('GET', '/api/v1/audit/logs', { token: owner.token });
    expect(logs.body.data.map((entry: { seal: { seq: number } }) => entry.seal.seq)).toEqual([5, 4, 3, 2, 1]);
  });

  it('continues where it stopped, and seals nothing twice', async () => {
    const owner = await world.app.person();
    await world.write(owner, 2);
    await sealOrganization(world.app.services, owner.organizationId);
    expect(await sealOrganization(world.app.services, owner.organizationId)).toBe(0);
    await world.write(owner, 3);
    expect(await sealOrganization(world.app.services, owner.organizationId)).toBe(3);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 5 });
    expect(await verify(owner, '?fromSeq=3')).toMatchObject({ valid: true, fromSeq: 3, toSeq: 5 });
    expect((await verify(owner, '?fromSeq=6')).code).toBe('request.invalid');
  });

  it('serialises concurrent runs', async () => {
    const owner = await world.app.person();
    await world.write(owner, 6);
    const runs = await Promise.all(
      [1, 2, 3].map(() => sealOrganization(world.app.services, owner.organizationId)),
    );
    expect(runs.reduce((sum, each) => sum + each, 0)).toBe(6);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 6 });
  });

  it('seals fifty concurrent changes, none of which waited for the chain', async () => {
    const owner = await world.app.person();
    const scope: DbScope = { role: 'app', organizationId: owner.organizationId, userId: owner.userId };
    // The role that writes entries cannot even lock the row of the chain.
    await expect(
      world.app.services.database.read(scope, (q) => [q.execute(sql`select from audit_chains for update`)]),
    ).rejects.toMatchObject({ code: '42501' });
    const answers = await Promise.all([
      sealOrganization(world.app.services, owner.organizationId),
      ...Array.from({ length: 50 }, (_, index) =>
        world.app.send('POST', '/api/v1/audit/logs/export', {
          token: owner.token,
          body: { format: 'csv', from: new Date(index * 1000).toISOString() },
        }),
      ),
    ]);
    expect(answers.slice(1).map((answer) => (answer as { status: number }).status)).toEqual(
      Array.from({ length: 50 }, () => 202),
    );
    await sealOrganization(world.app.services, owner.organizationId);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 50, unsealedCount: 0 });
  });

  it('covers every organization when scheduled, and a failing one does not affect the others', async () => {
    const [first, second] = [await world.app.person(), await world.app.person()];
    await world.write(first, 1);
    await world.write(second, 2);
    world.app.objects.failWhen((call, key) => call === 'put' && key.includes(first.organizationId));
    const report = await sealAllOrganizations(world.app.services);
    expect(report).toMatchObject({ failed: 1, unfinished: false });
    expect(await verify(second)).toMatchObject({ valid: true, sealedCount: 2 });
    world.app.objects.failWhen(undefined);
    expect(world.app.log).toContainEqual(expect.objectContaining({ event: 'audit.seal_failed' }));
    // The copy that failed is made now.
    const copies = () =>
      [...world.app.objects.texts().keys()].filter((key) => key.includes(first.organizationId));
    expect(copies()).toEqual([]);
    await sealAllOrganizations(world.app.services);
    expect(copies()).toEqual([`audit/${first.organizationId}/checkpoints/000000000000001.jws`]);
    expect(await verify(first)).toMatchObject({ valid: true, sealedCount: 1 });
  });

  it('seals several batches, each with a checkpoint', async () => {
    const owner = await world.app.person();
    await world.tamper([
      `insert into audit_logs (id, organization_id, actor_kind, action, target_type, target_id, salts, commitments, request_id, created_at)
       select 'aud_' || lpad(n::text, 26, '0'), $1, 'system', 'thing.made', 'thing', n::text, '{}', '{}', 'req', now()
       from generate_series(1, 1201) n`,
      [owner.organizationId],
    ]);
    expect(await sealOrganization(world.app.services, owner.organizationId)).toBe(1201);
    const copies = [...world.app.objects.texts().keys()].filter((key) => key.includes(owner.organizationId));
    expect(copies.map((key) => Number(key.slice(-19, -4)))).toEqual([500, 1000, 1201]);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 1201, complete: true });
  });
});

describe('the log is append-only', () => {
  const scopeOf = (person: Person): DbScope => ({
    role: 'app',
    organizationId: person.organizationId,
    userId: person.userId,
  });

  it.each([
    ['the app cannot change an entry', 'app', sql`update audit_logs set action = 'x'`],
    ['the app cannot delete an entry', 'app', sql`delete from audit_logs`],
    ['the app cannot move the chain', 'app', sql`update audit_chains set head_seq = 0`],
    ['the app cannot write a checkpoint', 'app', sql`delete from audit_checkpoints`],
    ['the system cannot change what an entry says', 'system', sql`update audit_logs set action = 'x'`],
    ['the system cannot change a commitment', 'system', sql`update audit_logs set commitments = '{}'`],
    ['the system cannot delete an entry', 'system', sql`delete from audit_logs`],
    ['the system cannot delete a checkpoint', 'system', sql`delete from audit_checkpoints`],
    ['the system cannot change a checkpoint', 'system', sql`update audit_checkpoints set head_hash = 'x'`],
    ['no role can truncate it', 'system', sql`truncate audit_logs`],
  ] as const)('%s', async (_rule, role, statement) => {
    const owner = await world.app.person();
    const scope = role === 'app' ? scopeOf(owner) : systemScope;
    await expect(
      world.app.services.database.commit(scope, (q) => [q.execute(statement)]),
    ).rejects.toMatchObject({ code: '42501' });
  });

  it('a sealed entry keeps its number', async () => {
    const owner = await world.app.person();
    await world.write(owner, 2);
    await sealOrganization(world.app.services, owner.organizationId);
    for (const change of [sql`seq = seq + 10`, sql`hash = 'x'`, sql`previous_hash = 'x'`, sql`seq = null`])
      await expect(
        world.app.services.database.commit(systemScope, (q) => [
          q.execute(sql`update audit_logs set ${change} where organization_id = ${owner.organizationId}`),
        ]),
      ).rejects.toThrow();
    expect(await verify(owner)).toMatchObject({ valid: true });
  });
});

describe('erasing a person', () => {
  it('deletes their personal fields and salts, and the chain stays valid', async () => {
    const owner = await world.app.person();
    const colleague = await world.app.person({ role: 'admin', organizationId: owner.organizationId });
    await world.write(colleague, 3);
    await world.write(owner, 1, { target: { type: 'user', id: colleague.userId } });
    await world.write(owner, 2);
    await sealOrganization(world.app.services, owner.organizationId);
    const { organizationId } = owner;
    const erased = await erasePersonalFields(world.app.services, {
      organizationId,
      personId: colleague.userId,
    });
    expect(erased).toBe(4);
    expect(
      await erasePersonalFields(world.app.services, { organizationId, personId: colleague.userId }),
    ).toBe(0);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 6 });
    const rows = await world.tamper([
      'select ip, user_agent, before, after, salts, commitments, erased_at from audit_logs where organization_id = $1 order by seq',
      [organizationId],
    ]);
    for (const row of rows.slice(0, 4)) {
      expect(row).toMatchObject({ ip: null, user_agent: null, before: null, after: null, salts: {} });
      expect(Object.keys(row.commitments as object)).toHaveLength(4);
      expect(row.erased_at).not.toBeNull();
    }
    for (const row of rows.slice(4)) expect(row).toMatchObject({ ip: '203.0.113.7', erased_at: null });
  });

  it('works before the entries are sealed', async () => {
    const owner = await world.app.person();
    await world.write(owner, 2);
    await erasePersonalFields(world.app.services, {
      organizationId: owner.organizationId,
      personId: owner.userId,
    });
    await sealOrganization(world.app.services, owner.organizationId);
    expect(await verify(owner)).toMatchObject({ valid: true, sealedCount: 2 });
  });
});
