import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { dayOf, type FeaturesOfMeters, featureOf } from '../costs/index.ts';
import type { Period } from '../usage/index.ts';
import type { AiGroup } from './ai-usage.enums.ts';
import type { AiQuery } from './ai-usage.schemas.ts';

export type AiFilter = Pick<
  AiQuery,
  'model' | 'feature' | 'userId' | 'roomId' | 'callId' | 'agentId' | 'conversationId' | 'teamRunId'
>;

/** The feature that asked a model, or the feature of the meter. */
const feature = (features: FeaturesOfMeters): SQL =>
  sql`coalesce(u.dimensions ->> 'feature', ${featureOf(sql`u.meter`, features)})`;

/** The groups of records of usage `u`; the user is a column, so that erasing a user erases it. */
export const aiValueOf = (group: AiGroup, organizationId: string, features: FeaturesOfMeters): SQL =>
  ({
    model: sql`u.dimensions ->> 'model'`,
    feature: feature(features),
    meter: sql`u.meter`,
    user: sql`u.user_id`,
    room: sql`u.dimensions ->> 'room'`,
    call: sql`u.dimensions ->> 'call'`,
    agent: sql`u.dimensions ->> 'agent'`,
    conversation: sql`u.dimensions ->> 'conversation'`,
    team_run: sql`u.dimensions ->> 'team_run'`,
    day: dayOf(organizationId, sql`u.occurred_at`),
  })[group];

/** Condition for records of usage `u` of AI that pass the filters. */
export function isAiUse(
  organizationId: string,
  { model, feature: asked, userId, roomId, callId, agentId, conversationId, teamRunId }: AiFilter,
  features: FeaturesOfMeters,
): SQL {
  const named = {
    model,
    feature: asked,
    user: userId,
    room: roomId,
    call: callId,
    agent: agentId,
    conversation: conversationId,
    team_run: teamRunId,
  } as const;
  const conditions = Object.entries(named).flatMap(([group, value]) =>
    value === undefined ? [] : [sql`${aiValueOf(group as AiGroup, organizationId, features)} = ${value}`],
  );
  const meters = sql`u.meter in (select jsonb_object_keys(${JSON.stringify(features)}::jsonb))`;
  return sql.join([meters, ...conditions], sql` and `);
}

/** Usage in a period by group, the one with most uses first, days in their order; without a group one row for all. */
export function sumUses(
  q: Queries,
  organizationId: string,
  { from, to }: Period,
  {
    by,
    limit,
    filter,
    features,
  }: { by: AiGroup | null; limit: number; filter: AiFilter; features: FeaturesOfMeters },
) {
  const value = by === null ? sql`null::text` : aiValueOf(by, organizationId, features);
  return q.execute<{ value: string | null; uses: number; quantities: Record<string, string> }>(sql`
    with facts as materialized (
      select ${value} as value, u.meter, u.key, u.quantity from usage_events u
      where u.organization_id = ${organizationId} and u.source is null
        and u.occurred_at >= ${from.toISOString()}::timestamptz and u.occurred_at < ${to.toISOString()}::timestamptz
        and ${isAiUse(organizationId, filter, features)}
    ), sums as (
      select f.value, f.meter, sum(f.quantity) as quantity from facts f group by 1, 2 having sum(f.quantity) <> 0
    ), uses as (
      select f.value, count(distinct f.key)::integer as uses from facts f group by 1
    )
    select u.value, u.uses, coalesce((select jsonb_object_agg(s.meter, s.quantity::text) from sums s
      where s.value is not distinct from u.value), '{}') as quantities
    from uses u order by ${by === 'day' ? sql`u.value` : sql`u.uses desc, u.value nulls last limit ${limit}::integer`}`);
}
