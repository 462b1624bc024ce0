import { beforeAll, describe, expect, it } from 'vitest';
import { recordFacts } from '../../../src/billing/usage/record.queries.ts';
import { usageEvents, usageHours } from '../../../src/billing/usage/usage.tables.ts';
import { sumHours } from '../../../src/billing/usage/sum-hours.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import type { DbScope, Queries, Statement } from '../../../src/kernel/db/index.ts';
import type { UsageFact } from '../../../src/kernel/modules/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';
import { fetchUsage } from './support.ts';

let app: TestApp;
let owner: Person;
const METER = 'participant_minutes';
const PERIOD = 'from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z';
const START_MS = Date.UTC(2026, 2, 5, 9, 30);

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
});

const factOf = (
  key: string,
  quantity: number,
  version: number,
  fields: Partial<UsageFact> = {},
): UsageFact => ({
  key,
  quantity,
  version,
  occurredAtMs: START_MS,
  dimensions: { region: 'EU' },
  userId: null,
  ...fields,
});

/** Records facts as the subscriber of a meter does. */
async function record(person: Person, facts: readonly UsageFact[]): Promise<void> {
  const { ids, clock, database } = app.services;
  const { organizationId } = person;
  const withIds = facts.map((fact) => ({
    ...fact,
    reversalId: ids.create('usageEvent'),
    id: ids.create('usageEvent'),
  }));
  const toRecord = { meter: METER, facts: withIds, cause: 'evt_test', nowMs: clock.now() };
  await database.commit({ role: 'app', organizationId, userId: null }, (q) => [
    recordFacts(q, organizationId, toRecord),
  ]);
}
const readRecords = async (person: Person) =>
  (await fetchUsage(app, person, `records?meter=${METER}&limit=100&${PERIOD}`)).data as {
    revision: number;
    quantity: number;
    dimensions: Record<string, string>;
  }[];
async function readTotal(person: Person): Promise<number> {
  const { meters } = await fetchUsage(app, person, `summary?${PERIOD}`);
  return meters.find(({ meter }: { meter: string }) => meter === METER).quantity;
}

describe('a record', () => {
  it.each<[string, (q: Queries) => Statement]>([
    ['changed', (q) => q.update(usageEvents).set({ quantity: 0 })],
    ['deleted', (q) => q.delete(usageEvents)],
  ])('cannot be %s, neither by the organization nor by the system', async (_what, write) => {
    await record(owner, [factOf('kept', 5, 1)]);
    const ofOrganization: DbScope = { role: 'app', organizationId: owner.organizationId, userId: null };
    for (const scope of [ofOrganization, systemScope])
      await expect(app.services.database.commit(scope, (q) => [write(q)])).rejects.toThrow();
    expect((await readRecords(owner)).length).toBeGreaterThan(0);
  });

  it('stays without the user who is erased', async () => {
    const person = await app.person();
    const colleague = await app.person({ role: 'member', organizationId: person.organizationId });
    await record(person, [factOf('theirs', 7, 1, { userId: colleague.userId })]);
    expect((await readRecords(person))[0]!.dimensions).toEqual({ region: 'EU', user: colleague.userId });
    await ownerSql('delete from users where id = $1', [colleague.userId]);
    expect((await readRecords(person))[0]).toMatchObject({ quantity: 7, dimensions: { region: 'EU' } });
    expect(JSON.stringify(await readRecords(person))).not.toContain(colleague.userId);
    const { groups } = await fetchUsage(app, person, `breakdown?meter=${METER}&by=user&${PERIOD}`);
    expect(groups).toEqual([{ value: null, quantity: 7 }]);
  });
});

describe('facts', () => {
  it('that were read in an older version than the recorded one change nothing', async () => {
    const person = await app.person();
    await record(person, [factOf('a', 10, 2)]);
    await record(person, [factOf('a', 4, 1)]);
    await record(person, [factOf('a', 10, 2)]);
    expect(await readRecords(person)).toHaveLength(1);
    await record(person, [factOf('a', 4, 3)]);
    expect((await readRecords(person)).map(({ quantity }) => quantity).toSorted((a, b) => a - b)).toEqual([
      -6, 10,
    ]);
    expect(await readTotal(person)).toBe(4);
  });

  it('move to the hour that a correction says, and keep their first dimensions', async () => {
    const person = await app.person();
    await record(person, [factOf('a', 10, 1)]);
    const changed = { occurredAtMs: START_MS + 7_200_000, dimensions: { region: 'NA' } };
    await record(person, [factOf('a', 4, 2, changed)]);
    const { groups } = await fetchUsage(app, person, `breakdown?meter=${METER}&by=region&${PERIOD}`);
    expect(groups).toEqual([{ value: 'EU', quantity: 4 }]);
    const { intervals } = await fetchUsage(app, person, `timeline?meter=${METER}&interval=hour&${PERIOD}`);
    const used = intervals.filter(({ quantity }: { quantity: number }) => quantity !== 0);
    expect(used).toEqual([{ startsAt: '2026-03-05T11:00:00.000Z', quantity: 4 }]);
    const records = await readRecords(person);
    expect(records.map(({ quantity }) => quantity).toSorted((a, b) => a - b)).toEqual([-10, 4, 10]);
    // Within the hour it is one revision with the difference.
    await record(person, [factOf('a', 5, 3, { occurredAtMs: START_MS + 7_260_000 })]);
    expect(await readRecords(person)).toHaveLength(4);
    expect(await readTotal(person)).toBe(5);
  });

  it('that are recorded twice at the same moment count once', async () => {
    const person = await app.person();
    const facts = Array.from({ length: 50 }, (_, i) => factOf(`k-${i}`, i, 1));
    await Promise.allSettled([
      record(person, facts),
      record(person, facts),
      record(person, facts.toReversed()),
    ]);
    expect(await readTotal(person)).toBe(1_225);
    expect(await readRecords(person)).toHaveLength(50);
  });

  it.each([21, 22, 23])(
    'end as their newest version, in whatever order versions are recorded: %i',
    async (seed) => {
      const random = randomFrom(seed);
      const person = await app.person();
      const newest = new Map<string, number>();
      const readings: UsageFact[] = [];
      for (let key = 0; key < 30; key++) {
        const versions = 1 + Math.floor(random() * 5);
        for (let version = 1; version <= versions; version++) {
          const quantity = Math.floor(random() * 1_000);
          const occurredAtMs = START_MS + key * 1_000_000;
          readings.push(factOf(`k-${key}`, quantity, version, { occurredAtMs }));
          newest.set(`k-${key}`, quantity);
        }
      }
      const shuffled = [...readings, ...readings]
        .map((fact) => ({ fact, order: random() }))
        .sort((a, b) => a.order - b.order)
        .map(({ fact }) => fact);
      for (const fact of shuffled) {
        await record(person, [fact]);
        if (random() < 0.1) await sumHours(app.services);
      }
      const total = [...newest.values()].reduce((sum, quantity) => sum + quantity, 0);
      expect(await readTotal(person)).toBe(total);
      await sumHours(app.services);
      expect(await readTotal(person)).toBe(total);
    },
  );
});

describe('an hour', () => {
  it('that cannot be computed stops no other', async () => {
    const [person, other] = [await app.person(), await app.person()];
    await record(person, [factOf('first', 1, 1), factOf('second', 1, 1)]);
    // Together more than a sum can hold.
    await ownerSql('update usage_events set quantity = $1 where organization_id = $2', [
      '9000000000000000000',
      person.organizationId,
    ]);
    const facts = Array.from({ length: 40 }, (_, key) =>
      factOf(`k-${key}`, 1, 1, { occurredAtMs: START_MS + key * 3_600_000 }),
    );
    await record(other, facts);
    const stale = async () =>
      (await ownerSql('select from usage_hours where stale and organization_id = $1', [other.organizationId]))
        .length;
    for (let run = 0; run < 50 && (await stale()) > 0; run++)
      await sumHours(app.services).catch(() => undefined);
    expect(await stale()).toBe(0);
    await ownerSql('update usage_events set quantity = 1 where organization_id = $1', [
      person.organizationId,
    ]);
  });

  it('that a commit is writing is left to the next run, so that nothing is missed', async () => {
    const person = await app.person();
    const { database } = app.services;
    const { organizationId } = person;
    await record(person, [factOf('first', 1, 1)]);
    await database.transaction({ role: 'app', organizationId, userId: null }, async (tx) => {
      const { ids, clock } = app.services;
      const facts = [
        { ...factOf('second', 2, 1), id: ids.create('usageEvent'), reversalId: ids.create('usageEvent') },
      ];
      const toRecord = { meter: METER, facts, cause: 'evt_test', nowMs: clock.now() };
      await recordFacts(tx as unknown as Queries, organizationId, toRecord);
      expect((await sumHours(app.services)).changed).not.toContainEqual({ organizationId, meter: METER });
    });
    expect((await sumHours(app.services)).changed).toContainEqual({ organizationId, meter: METER });
    const [rows] = await database.read(systemScope, (q) => [q.select().from(usageHours)]);
    expect(rows.find((row) => row.organizationId === organizationId)).toMatchObject({
      quantity: 3,
      stale: false,
    });
  });
});
