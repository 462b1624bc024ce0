import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { countAiRequests, countCalls, countJoinsAndLeaves, countParticipants } from './realtime.queries.ts';
import { sumByRegion } from './realtime.rules.ts';
import type { RealtimeView } from './realtime.schemas.ts';

const MINUTE_MS = 60_000;

/**
 * The figures of the organization's calls at this moment, and what happened in the last minute.
 * @throws AppError `auth.forbidden` without `analytics:read`
 */
export async function getRealtimeAnalytics(ctx: Ctx): Promise<RealtimeView> {
  requirePermission(ctx.actor, 'analytics:read');
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const since = new Date(now.getTime() - MINUTE_MS);
  const [calls, people, joinsAndLeaves, { rows: requests }] = await ctx.read((q) => [
    countCalls(q, organizationId, since, now),
    countParticipants(q, organizationId),
    countJoinsAndLeaves(q, organizationId, since, now),
    countAiRequests(q, organizationId, since, now),
  ]);
  const { total, regions } = sumByRegion({ calls, people, joinsAndLeaves });
  const { running, ...lastMinute } = requests[0]!;
  return { ...total, ai: { running, lastMinute }, regions, measuredAt: now.toISOString() };
}
