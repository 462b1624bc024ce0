import { AI_FEATURES } from '../../billing/ai-usage/index.ts';
import { entitlementsOf } from '../../identity/entitlements/index.ts';
import { selectOpenGrants } from '../../identity/entitlement-grants/index.ts';
import { asIncludedMeter, priceOverage, selectOverageOfMonth } from '../../billing/overage/index.ts';
import { selectPlanAndUse } from '../../billing/plans/index.ts';
import { selectLive } from '../../billing/subscriptions/index.ts';
import { monthOf, sumMeters } from '../../billing/usage/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { sumQuality } from '../ai-quality/index.ts';
import { type BucketTotals, selectTotals } from '../rollups/index.ts';
import { selectUnmeasured, storeFindings, storeRun } from './cost-insights.queries.ts';
import { findInsights, MIN_ALONE_MS, UNUSED_DAYS } from './cost-insights.rules.ts';
import {
  selectDuplicateTranscriptions,
  selectEmptyEgress,
  selectTimeAlone,
  selectUnusedRecordings,
  selectUnusedRooms,
} from './measurements.queries.ts';
import type { ChargedTime, Measurements } from './measurements.rules.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;
const METER = 'participant_minutes';

type LiveSubscription = Awaited<ReturnType<typeof selectLive>>[number];
/**
 * Undefined for a subscription that is not paid for: an overdue payment or a trial says nothing about the next months.
 */
const steadySubscription = (row: LiveSubscription | undefined): Measurements['subscription'] =>
  row?.status === 'active'
    ? {
        plan: row.plan,
        isMonthly: row.interval === 'monthly',
        ends: row.cancelsAt !== null || row.changesAt !== null,
        startsAt: row.startsAt,
      }
    : undefined;

/** Connected time of a month, and the cost of its overage. */
const chargedTime = (used: Awaited<ReturnType<typeof sumMeters>>, overage: Overage): ChargedTime => ({
  ms: BigInt(used.rows[0]?.quantity ?? 0),
  amount: priceOverage(METER, BigInt(overage.find(({ meter }) => meter === METER)?.units ?? 0)),
});

const sumTotals = (buckets: readonly BucketTotals[]) => ({
  calls: buckets.reduce((sum, { calls }) => sum + Number(calls), 0),
  connectedMs: buckets.reduce((sum, { connectedMs }) => sum + Number(connectedMs), 0),
});

type Overage = Awaited<ReturnType<typeof selectOverageOfMonth>>;

/** Cost of a month's overage of AI. */
const aiAmount = (ctx: Ctx, overage: Overage): bigint =>
  overage.reduce((sum, { meter, units }) => {
    const name = asIncludedMeter(meter);
    const feature = ctx.meters.find((each) => each.name === meter)?.feature;
    return name && feature && AI_FEATURES.includes(feature) ? sum + priceOverage(name, BigInt(units)) : sum;
  }, 0n);

/** Connected time and the charge for it, in the last full calendar month and in the one before. */
async function readCharged(ctx: Ctx, now: Date): Promise<Pick<Measurements, 'charged' | 'ai'>> {
  const { organizationId } = ctx;
  const last = monthOf(monthOf(now.getTime()).from.getTime() - 1);
  const before = monthOf(last.from.getTime() - 1);
  const [used, over, usedBefore, overBefore] = await ctx.read((q) => [
    sumMeters(q, organizationId, last, METER),
    selectOverageOfMonth(q, organizationId, last.from),
    sumMeters(q, organizationId, before, METER),
    selectOverageOfMonth(q, organizationId, before.from),
  ]);
  return {
    charged: {
      startsAt: last.from,
      current: chargedTime(used, over),
      previous: chargedTime(usedBefore, overBefore),
    },
    ai: {
      transcribedMinutes: over.find(({ meter }) => meter === 'transcription_minutes')?.units ?? 0,
      current: aiAmount(ctx, over),
      previous: aiAmount(ctx, overBefore),
    },
  };
}

type Waste = Pick<
  Measurements,
  'unusedRooms' | 'unusedRecordings' | 'alone' | 'emptyEgress' | 'duplicates' | 'answers'
>;

/** Waste of the last days, and the results of models in them. */
async function readWaste(ctx: Ctx, now: Date): Promise<Waste> {
  const { organizationId } = ctx;
  const [since, unusedSince] = [DAYS, UNUSED_DAYS].map((days) => new Date(now.getTime() - days * DAY_MS));
  const [[unusedRooms], [unusedRecordings], [alone], [empty], [duplicates], answers] = await ctx.read((q) => [
    selectUnusedRooms(q, organizationId, unusedSince!),
    selectUnusedRecordings(q, organizationId, unusedSince!),
    selectTimeAlone(q, organizationId, { since: since!, leastMs: MIN_ALONE_MS }),
    selectEmptyEgress(q, organizationId, { since: since!, now }),
    selectDuplicateTranscriptions(q, organizationId, since!),
    sumQuality(q, { organizationId, asked: { days: DAYS }, now }, {}),
  ]);
  return {
    unusedRooms: unusedRooms!,
    unusedRecordings: unusedRecordings!,
    alone: { calls: alone!.calls, ms: Number(alone!.ms) },
    emptyEgress: { count: empty!.count, ms: Number(empty!.ms) },
    duplicates: duplicates!,
    answers: answers.rows,
  };
}

/** The figures of the organization; undefined when it is deleted. */
async function readMeasurements(ctx: Ctx, now: Date): Promise<Measurements | undefined> {
  const { organizationId } = ctx;
  const request = { organizationId, asked: { days: DAYS }, now };
  const [[row], grants, current, previous, [live]] = await ctx.read((q) => [
    selectPlanAndUse(q, organizationId, now),
    selectOpenGrants(q, organizationId, now),
    selectTotals(q, request, 'current'),
    selectTotals(q, request, 'previous'),
    selectLive(q, organizationId),
  ]);
  if (!row) return undefined;
  const { plan, planVersion, trialEndsAt, seats, limits, ...use } = row;
  const basis = { plan, planVersion, trialEndsAt, seats, limits, grants };
  const { included, beyondIncluded } = entitlementsOf(basis, now.getTime());
  const { charged, ai } = await readCharged(ctx, now);
  return {
    plan,
    beyondIncluded,
    seats: seats ?? 0,
    use,
    month: { usedMs: charged.current.ms, includedMs: BigInt(included[METER].amount) * 60_000n },
    ...(await readWaste(ctx, now)),
    current: sumTotals(current),
    previous: sumTotals(previous),
    ai,
    charged,
    subscription: steadySubscription(live),
    measuredAt: now,
  };
}

async function measureOrganization(ctx: Ctx): Promise<void> {
  const { organizationId } = ctx;
  const measuredAt = new Date(ctx.clock.now());
  // Stored first, so that an organization that cannot be measured comes after all others in the next run.
  await ctx.commit({ write: (q) => [storeRun(q, { organizationId, measuredAt })], result: undefined });
  const measurements = await readMeasurements(ctx, measuredAt);
  if (!measurements) return;
  const rows = findInsights(measurements).map(({ kind, saving, evidence }) => ({
    id: ctx.ids.create('costInsight'),
    organizationId,
    kind,
    status: 'active' as const,
    found: true,
    savingMicros: saving,
    evidence,
    detectedAt: measuredAt,
    measuredAt,
    statusChangedAt: null,
  }));
  await ctx.commit({
    write: (q) => storeFindings(q, { organizationId, measuredAt, rows }),
    result: undefined,
  });
}

/** Organizations of one run. */
const MAX_ORGANIZATIONS = 50;

/** Scheduled every five minutes: measures the organizations with calls that were not measured for a day. */
export async function measureInsights(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - DAY_MS);
  const [due] = await services.database.read(systemScope, (q) => [
    selectUnmeasured(q, before, MAX_ORGANIZATIONS),
  ]);
  return runSweep(services, 'cost_insights.measure', due, measureOrganization);
}
