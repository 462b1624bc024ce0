import { beforeAll, describe, expect, it } from 'vitest';
import { and, eq } from 'drizzle-orm';
import { auditLogs } from '../../../src/kernel/audit/index.ts';
import { type ChainEntry, toAuditEntry, sealOrganization } from '../../../src/platform/audit-chain/index.ts';
import { hashEntry } from '../../../src/platform/audit-chain/audit-chain.rules.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { type Person } from '../../support/app.ts';
import { type AuditFixture, createAuditFixture } from '../../support/audit-fixture.ts';

const ENTRIES = 4;
let world: AuditFixture;

beforeAll(() => {
  world = createAuditFixture();
});

async function sealedLog(): Promise<Person> {
  const owner = await world.app.person();
  await world.write(owner, ENTRIES);
  await sealOrganization(world.app.services, owner.organizationId);
  world.app.clock.advanceSeconds(1);
  return owner;
}

async function entryInPlace({ organizationId }: Person, seq: number): Promise<ChainEntry> {
  const [[row]] = await world.app.services.database.read(systemScope, (q) => [
    q
      .select()
      .from(auditLogs)
      .where(and(eq(auditLogs.organizationId, organizationId), eq(auditLogs.seq, seq))),
  ]);
  return toAuditEntry(row!);
}

interface Finding {
  code: string;
  seq: number | null;
  message: string;
}

async function findings(person: Person): Promise<Finding[]> {
  const { body } = await world.app.send('GET', '/api/v1/audit/verify', { token: person.token });
  expect(body.valid).toBe(body.problems.length === 0);
  return body.problems;
}
const codes = async (person: Person) => [...new Set((await findings(person)).map((each) => each.code))];

const change = (set: string) => (organizationId: string, seq: number) =>
  world.tamper([
    `update audit_logs set ${set} where organization_id = $1 and seq = $2`,
    [organizationId, seq],
  ]);

/** Ways to manipulate an entry with the password of the database, and the problem that is reported. */
const KINDS: [name: string, act: (organizationId: string, seq: number) => Promise<unknown>, code: string][] =
  [
    ['an edited action', change("action = 'nothing.happened'"), 'altered'],
    ['an edited actor', change("actor_id = 'usr_someone'"), 'altered'],
    ['an edited time', change("created_at = created_at - interval '1 day'"), 'altered'],
    [
      'an edited commitment',
      change(`commitments = '{}', ip = null, user_agent = null, before = null, after = null`),
      'altered',
    ],
    ['an edited personal field', change(`after = '{"colour": "green"}'`), 'personal_field_changed'],
    ['an edited address', change(`ip = '198.51.100.1'`), 'personal_field_changed'],
    ['a personal field removed without an erasure', change('ip = null'), 'personal_field_missing'],
    ['an edited hash', change("hash = repeat('a', 64)"), 'altered'],
    [
      'a deleted entry',
      (organizationId, seq) =>
        world.tamper([
          'delete from audit_logs where organization_id = $1 and seq = $2',
          [organizationId, seq],
        ]),
      'missing_entries or cut_tail',
    ],
    [
      'a copy inserted after the entry',
      (organizationId, seq) =>
        world.tamper(
          [
            'update audit_logs set seq = seq + 1000000 where organization_id = $1 and seq > $2',
            [organizationId, seq],
          ],
          [
            `insert into audit_logs (id, organization_id, actor_kind, action, target_type, target_id, salts, commitments, request_id, created_at, seq, previous_hash, hash)
           select 'aud_copy_' || $3, organization_id, actor_kind, action, target_type, 'other', '{}', '{}', request_id, created_at, seq + 1, hash, repeat('b', 64)
           from audit_logs where organization_id = $1 and seq = $2`,
            [organizationId, seq, `${organizationId}_${seq}`],
          ],
          [
            'update audit_logs set seq = seq - 999999 where organization_id = $1 and seq > 1000000',
            [organizationId],
          ],
        ),
      'altered or inserted_entries',
    ],
    [
      'an entry exchanged with the next one',
      (organizationId, seq) => {
        const other = seq === ENTRIES ? seq - 1 : seq + 1;
        return world.tamper(
          [
            'update audit_logs set seq = -seq where organization_id = $1 and seq in ($2, $3)',
            [organizationId, seq, other],
          ],
          [
            'update audit_logs set seq = case when -seq = $2 then $3 else $2 end where organization_id = $1 and seq < 0',
            [organizationId, seq, other],
          ],
        );
      },
      'altered',
    ],
  ];

const CASES = KINDS.flatMap(([name, act, code]) =>
  Array.from({ length: ENTRIES }, (_, index) => [name, index + 1, act, code] as const),
);

describe('tampering with the database is detected', () => {
  it.each(CASES)('%s (entry %i)', async (_name, seq, act, code) => {
    const owner = await sealedLog();
    expect(await findings(owner)).toEqual([]);
    await act(owner.organizationId, seq);
    const found = await codes(owner);
    expect(code.split(' or ').some((each) => found.includes(each))).toBe(true);
    expect(world.app.log).toContainEqual(
      expect.objectContaining({
        event: 'audit.chain_invalid',
        fields: expect.objectContaining({ organizationId: owner.organizationId }),
      }),
    );
  });

  it('a tail cut off together with every trace of it in the database', async () => {
    for (let kept = 0; kept < ENTRIES; kept++) {
      const owner = await sealedLog();
      const { organizationId } = owner;
      const [last] = await world.tamper([
        'select hash from audit_logs where organization_id = $1 and seq = $2',
        [organizationId, kept],
      ]);
      await world.tamper(
        ['delete from audit_logs where organization_id = $1 and seq > $2', [organizationId, kept]],
        ['delete from audit_checkpoints where organization_id = $1', [organizationId]],
        [
          'update audit_chains set head_seq = $2, head_hash = $3 where organization_id = $1',
          [organizationId, kept, last?.hash ?? '0'.repeat(64)],
        ],
      );
      expect(await codes(owner)).toContain('cut_tail');
    }
  });

  it('a tail cut off, after which the product continues to seal', async () => {
    const owner = await sealedLog();
    const { organizationId } = owner;
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
    await world.write(owner, ENTRIES);
    await sealOrganization(world.app.services, organizationId);
    expect(await codes(owner)).toEqual(['checkpoint_mismatch']);
  });

  it('a rewritten chain with the same numbers: the copy of a checkpoint is never replaced', async () => {
    const owner = await sealedLog();
    const { organizationId } = owner;
    const before = world.app.objects.texts();
    await world.tamper(
      ['delete from audit_logs where organization_id = $1', [organizationId]],
      ['delete from audit_checkpoints where organization_id = $1', [organizationId]],
      ['delete from audit_chains where organization_id = $1', [organizationId]],
    );
    await world.write(owner, ENTRIES);
    await sealOrganization(world.app.services, organizationId);
    expect(world.app.objects.texts()).toEqual(before);
    expect(await codes(owner)).toEqual(['checkpoint_mismatch']);
    expect(world.app.log).toContainEqual(expect.objectContaining({ event: 'audit.checkpoint_conflict' }));
  });

  it('a checkpoint signed with a foreign key', async () => {
    const owner = await sealedLog();
    await world.tamper([
      `update audit_checkpoints set signature = left(signature, -8) || 'AAAAAAAA' where organization_id = $1`,
      [owner.organizationId],
    ]);
    expect(await codes(owner)).toContain('forged_checkpoint');
  });

  it('a checkpoint of another organization', async () => {
    const [owner, other] = [await sealedLog(), await sealedLog()];
    await world.tamper([
      `update audit_checkpoints set signature = (select signature from audit_checkpoints where organization_id = $2)
       where organization_id = $1`,
      [owner.organizationId, other.organizationId],
    ]);
    expect(await codes(owner)).toContain('forged_checkpoint');
  });

  it('an added entry with a matching hash: the new end has no checkpoint', async () => {
    const owner = await sealedLog();
    const { organizationId } = owner;
    const [row] = await world.tamper([
      'select * from audit_logs where organization_id = $1 and seq = $2',
      [organizationId, ENTRIES],
    ]);
    const entry: ChainEntry = {
      ...(await entryInPlace(owner, ENTRIES)),
      id: `${row!.id as string}x`,
      ip: null,
      userAgent: null,
      before: null,
      after: null,
      salts: {},
      commitments: {},
    };
    const hash = await hashEntry(entry, ENTRIES + 1, row!.hash as string);
    await world.tamper(
      [
        `insert into audit_logs (id, organization_id, actor_kind, actor_id, action, target_type, target_id, salts, commitments, request_id, created_at, seq, previous_hash, hash)
         select $3, organization_id, actor_kind, actor_id, action, target_type, target_id, '{}', '{}', request_id, created_at, seq + 1, hash, $4
         from audit_logs where organization_id = $1 and seq = $2`,
        [organizationId, ENTRIES, entry.id, hash],
      ],
      [
        'update audit_chains set head_seq = head_seq + 1, head_hash = $2 where organization_id = $1',
        [organizationId, hash],
      ],
    );
    expect(await codes(owner)).toEqual(['checkpoint_missing']);
  });

  it('a moved end of the chain', async () => {
    const owner = await sealedLog();
    await world.tamper([
      'update audit_chains set head_seq = 2 where organization_id = $1',
      [owner.organizationId],
    ]);
    expect(await codes(owner)).toEqual(expect.arrayContaining(['inserted_entries', 'cut_tail']));
  });
});

describe('tampering with object storage is detected', () => {
  const keyOf = ({ organizationId }: Person) =>
    `audit/${organizationId}/checkpoints/00000000000000${ENTRIES}.jws`;

  it('a removed copy', async () => {
    const owner = await sealedLog();
    world.app.objects.tamper(keyOf(owner), undefined);
    expect(await codes(owner)).toEqual(['checkpoint_missing']);
  });

  it('a forged copy', async () => {
    const owner = await sealedLog();
    world.app.objects.tamper(keyOf(owner), 'eyJhbGciOiJub25lIn0.e30.');
    expect(await codes(owner)).toContain('forged_checkpoint');
  });
});

it('an access token is never accepted as a checkpoint', async () => {
  const owner = await sealedLog();
  await world.tamper([
    'update audit_checkpoints set signature = $2 where organization_id = $1',
    [owner.organizationId, owner.token],
  ]);
  expect(await codes(owner)).toContain('forged_checkpoint');
});
