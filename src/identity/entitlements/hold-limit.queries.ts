import { type SQL, sql } from 'drizzle-orm';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { MOST_SEATS, PLAN_NAMES, type PlanTerms, versionsOf } from './catalogue.rules.ts';
import type { EntitlementLimit, Feature, IncludedMeter } from './entitlements.enums.ts';
import { entitlementErrors } from './entitlements.errors.ts';

/** The limit, its organization, and the moment. */
interface Holder {
  organizationId: string;
  now: Date;
}

type Terms = Record<string, Record<string, number | null>>;

/** The value of each plan and version, as the functions `entitled_to` and `monthly_limit` take it. */
const termsOf = (valueOf: (terms: PlanTerms) => number | null): Terms =>
  Object.fromEntries(
    PLAN_NAMES.map((plan) => [
      plan,
      Object.fromEntries(
        Object.entries(versionsOf(plan)).map(([version, terms]) => [version, valueOf(terms)]),
      ),
    ]),
  );

/** The text for each name is made once: the catalogue does not change while the product runs. */
function keepTexts<K extends string>(termsFor: (name: K) => unknown): (name: K) => string {
  const texts = new Map<K, string>();
  return (name) => {
    const text = texts.get(name) ?? JSON.stringify(termsFor(name));
    texts.set(name, text);
    return text;
  };
}

const limitTexts = keepTexts((limit: EntitlementLimit) => termsOf(({ limits }) => limits[limit]));
const limitTerms = (limit: EntitlementLimit) => sql`${limitTexts(limit)}::jsonb`;
/** The same for `refuse_beyond_plan`, which says where seats would help. */
const refusedTerms = (limit: EntitlementLimit) =>
  sql`${limitTerms(limit)} || ${JSON.stringify({ seats: { most: MOST_SEATS } })}::jsonb`;
const featureTexts = keepTexts((feature: Feature) => termsOf(({ features }) => Number(features[feature])));
const featureTerms = (feature: Feature) => sql`${featureTexts(feature)}::jsonb`;

/**
 * Terms for `monthly_limit`, as JSON: the included amounts of plans that refuse more (`ofPlan`), and those of all
 * plans, because nothing is charged in a trial (`inTrial`).
 */
export const includedTerms = keepTexts((meter: IncludedMeter) => ({
  ofPlan: termsOf((terms) => (terms.beyondIncluded === 'refused' ? terms.included[meter] : null)),
  inTrial: termsOf(({ included }) => included[meter]),
}));

/** The value of a limit for the organization, as an expression. */
export const entitledTo = (limit: EntitlementLimit, { organizationId, now }: Holder): SQL =>
  sql`entitled_to(${organizationId}, 'limit', ${limit}, ${limitTerms(limit)}, ${now.toISOString()}::timestamptz)`;

/** Whether the organization has a feature, 1 or 0, as an expression. */
export const entitledToFeature = (feature: Feature, { organizationId, now }: Holder): SQL =>
  sql`entitled_to(${organizationId}, 'feature', ${feature}, ${featureTerms(feature)}, ${now.toISOString()}::timestamptz)`;

/**
 * The most that an organization may use of a meter in a month, in whole units; null when more is charged.
 * @param organizationId also a column, for a query over many organizations
 */
export function monthlyLimit(
  meter: IncludedMeter,
  { organizationId, now }: { organizationId: string | SQL; now: Date },
): SQL {
  const moment = sql`${now.toISOString()}::timestamptz`;
  return sql`monthly_limit(${organizationId}, ${meter}, ${includedTerms(meter)}::jsonb
    -> case when in_trial(${organizationId}, ${moment}) then 'inTrial' else 'ofPlan' end, ${moment})`;
}

/**
 * Fails the commit with `billing.limit_reached` when the organization has more rows than it may: the last statements of a
 * commit that adds some. Commits that add to the same limit wait for each other, so that none counts too few. What was
 * there before a downgrade stays, and nothing is added to it.
 * @param rows selects what counts, such as `select from members where …`
 * @param added how many of them this commit adds
 */
export function holdLimit(
  q: Queries,
  { limit, rows, added = 1, ...holder }: Holder & { limit: EntitlementLimit; rows: SQL; added?: number },
): Statement[] {
  const { organizationId } = holder;
  const allowed = entitledTo(limit, holder);
  const refuse = sql`refuse_beyond_plan(${entitlementErrors.limitReached.definition.code}, ${organizationId}, ${limit},
    ${allowed}, (select count(*) from (${rows}) each_row) - ${added}::bigint, ${refusedTerms(limit)})`;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${organizationId}/${limit}`}, 0))`),
    // The rows are counted only as far as the decision needs.
    q.execute(sql`select case when (select count(*) from (${rows} limit ${allowed} + 1) counted) > ${allowed}
      then ${refuse} end`),
  ];
}

/**
 * The same for a total that is stored: fails the commit when it is more than the organization may have. An earlier statement of the
 * commit has changed the row of the total, and so holds its lock: commits that add to it wait for each other.
 * @param total a subselect of the total, with what this commit adds
 * @param added what this commit adds to it
 */
export function holdTotal(
  q: Queries,
  { limit, total, added, ...holder }: Holder & { limit: EntitlementLimit; total: SQL; added: number },
): Statement {
  return q.execute(sql`select case when sums.used > sums.allowed
    then refuse_beyond_plan(${entitlementErrors.limitReached.definition.code}, ${holder.organizationId}, ${limit},
      sums.allowed, sums.used - ${added}::bigint, ${limitTerms(limit)}) end
    from (select (${total})::bigint as used, ${entitledTo(limit, holder)} as allowed) sums`);
}

/** Fails the commit with `billing.limit_reached` when one thing would be larger than the organization's limit for each. */
export function holdSize(
  q: Queries,
  { limit, size, ...holder }: Holder & { limit: EntitlementLimit; size: number },
): Statement {
  const allowed = entitledTo(limit, holder);
  return q.execute(sql`select case when ${size}::bigint > ${allowed}
    then refuse_beyond_plan(${entitlementErrors.limitReached.definition.code}, ${holder.organizationId}, ${limit},
      ${allowed}, null, ${limitTerms(limit)}) end`);
}

/** Fails the commit with `billing.feature_not_included` when the organization does not have the feature. */
export function holdFeature(
  q: Queries,
  { feature, organizationId, now }: Holder & { feature: Feature },
): Statement {
  return q.execute(sql`select case when ${entitledToFeature(feature, { organizationId, now })} = 0
    then refuse_beyond_plan(${entitlementErrors.featureNotIncluded.definition.code}, ${organizationId}, ${feature},
      null, null, ${featureTerms(feature)}) end`);
}
