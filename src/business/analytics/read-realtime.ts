import type { Ctx } from '../../platform/context/index.ts';
import { countCalls, countMoves, countPeople } from './analytics.queries.ts';
import { figuresOf } from './analytics.rules.ts';
import type { RealtimeView } from './analytics.schemas.ts';

const MINUTE_MS = 60_000;

/** What goes on in the organization at this moment, and what happened in the last minute. */
export async function readRealtime(ctx: Ctx): Promise<RealtimeView> {
  const { organizationId } = ctx;
  const now = new Date(ctx.clock.now());
  const since = new Date(now.getTime() - MINUTE_MS);
  const [calls, people, moves] = await ctx.read((q) => [
    countCalls(q, organizationId, since, now),
    countPeople(q, organizationId),
    countMoves(q, organizationId, since, now),
  ]);
  const { total, regions } = figuresOf({ calls, people, moves });
  return { ...total, regions, measuredAt: now.toISOString() };
}
