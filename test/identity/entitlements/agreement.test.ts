import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { PLAN_NAMES } from '../../../src/identity/entitlements/catalogue.rules.ts';
import {
  FEATURES,
  GRANT_KINDS,
  INCLUDED_METERS,
  LIMITS,
} from '../../../src/identity/entitlements/entitlements.enums.ts';
import {
  type EntitlementGrant,
  entitlementsOf,
} from '../../../src/identity/entitlements/entitlements.rules.ts';
import {
  entitledTo,
  entitledToFeature,
  monthlyLimit,
} from '../../../src/identity/entitlements/hold-limit.queries.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import { randomFrom } from '../../support/random.ts';

/** Organizations of each of which every name is asked for at every moment: 500 × 10 × 3 comparisons. */
const ORGANIZATIONS = Number(process.env.ENTITLEMENT_CASES ?? 500);
const MOMENTS = [0, 1_000, 2_000];
const START_MS = Date.parse('2026-03-01T00:00:00.000Z');
const NAMES = { limit: LIMITS, feature: FEATURES, credit: INCLUDED_METERS };

const app = createTestApp();

/** Few distinct values, so that starts, ends and moments of decision often coincide. */
function createCase(random: () => number) {
  const below = (max: number) => Math.floor(random() * max);
  const pick = <T>(all: readonly T[]) => all[below(all.length)]!;
  const moment = () => new Date(START_MS + pick([-1_000, -1, 0, 1, 999, 1_000, 1_001, 2_000, 3_000]));
  const grants = Array.from({ length: below(7) }, (): EntitlementGrant => {
    const kind = pick(GRANT_KINDS);
    return {
      id: app.services.ids.create('entitlementGrant'),
      kind,
      name: pick(NAMES[kind]),
      value: kind === 'feature' ? below(2) : below(5),
      startsAt: moment(),
      endsAt: random() < 0.4 ? null : moment(),
      revokedAt: random() < 0.25 ? moment() : null,
    };
  });
  const limited = LIMITS.filter(() => random() < 0.2);
  return {
    plan: pick(PLAN_NAMES),
    // There is no version 9.
    planVersion: random() < 0.9 ? 1 : 9,
    trialEndsAt: random() < 0.7 ? null : moment(),
    seats: random() < 0.5 ? null : below(4),
    limits: Object.fromEntries(limited.map((name) => [name, below(5)])),
    grants,
  };
}

async function store(
  organizationId: string,
  { plan, planVersion, trialEndsAt, seats, limits, grants }: ReturnType<typeof createCase>,
) {
  await ownerSql(
    'update organizations set plan = $2, plan_version = $3, limits = $4::jsonb, trial_ends_at = $5, seats = $6 where id = $1',
    [organizationId, plan, planVersion, JSON.stringify(limits), trialEndsAt?.toISOString() ?? null, seats],
  );
  await ownerSql('delete from entitlement_grants where organization_id = $1', [organizationId]);
  const rows = grants.map(({ startsAt, endsAt, revokedAt, ...grant }) => ({
    ...grant,
    organization_id: organizationId,
    reason: 'Pilot',
    starts_at: startsAt,
    ends_at: endsAt,
    revoked_at: revokedAt,
    created_by: 'operator',
    created_at: startsAt,
  }));
  await ownerSql(
    'insert into entitlement_grants select * from jsonb_populate_recordset(null::entitlement_grants, $1::jsonb)',
    [JSON.stringify(rows)],
  );
}

/** What the database decides, of every name. */
async function readFromDatabase(
  organizationId: string,
  atMs: number,
): Promise<Record<string, number | null>> {
  const holder = { organizationId, now: new Date(atMs) };
  const [{ rows }] = await app.services.database.read(systemScope, (q) => [
    q.execute<{ name: string; value: string | null }>(
      sql`select * from (values ${sql.join(
        [
          ...LIMITS.map((name) => sql`(${name}, ${entitledTo(name, holder)})`),
          ...FEATURES.map((name) => sql`(${name}, ${entitledToFeature(name, holder)})`),
          ...INCLUDED_METERS.map((name) => sql`(${name}, ${monthlyLimit(name, holder)})`),
        ],
        sql`, `,
      )}) as asked(name, value)`,
    ),
  ]);
  return Object.fromEntries(rows.map(({ name, value }) => [name, value === null ? null : Number(value)]));
}

it('an organization has the same entitlements in the database as in the API, whatever its plan and grants', async () => {
  const random = randomFrom(20_260_301);
  const { organizationId } = await app.person();
  let compared = 0;
  for (let number = 0; number < ORGANIZATIONS; number++) {
    const basis = createCase(random);
    await store(organizationId, basis);
    for (const offset of MOMENTS) {
      const { limits, features, included, beyondIncluded } = entitlementsOf(basis, START_MS + offset);
      const expected = Object.fromEntries([
        ...LIMITS.map((name) => [name, limits[name].value]),
        ...FEATURES.map((name) => [name, Number(features[name].enabled)]),
        ...INCLUDED_METERS.map((name) => [name, beyondIncluded === 'refused' ? included[name].amount : null]),
      ]);
      const decided = await readFromDatabase(organizationId, START_MS + offset);
      expect({ number, offset, ...decided }).toEqual({ number, offset, ...expected });
      compared += Object.keys(expected).length;
    }
  }
  expect(compared).toBe(
    ORGANIZATIONS * MOMENTS.length * (LIMITS.length + FEATURES.length + INCLUDED_METERS.length),
  );
});
