import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import {
  askedRange,
  type RangeRequest,
  selectRange,
  selectTimeline,
  selectTop,
  selectTotals,
} from '../rollups/index.ts';
import { selectMemberCount } from './overview.queries.ts';
import type { OverviewQuery, OverviewTimelineQuery, TopQuery } from './overview.schemas.ts';

const requestOf = (ctx: Ctx, query: OverviewQuery): RangeRequest => {
  requirePermission(ctx.actor, 'analytics:read');
  return { organizationId: ctx.organizationId, asked: askedRange(query), now: new Date(ctx.clock.now()) };
};

/** The figures of a range and of the period before it. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getOverview(ctx: Ctx, query: OverviewQuery) {
  const request = requestOf(ctx, query);
  const [[range], current, previous, [members]] = await ctx.read((q) => [
    selectRange(q, request),
    selectTotals(q, request, 'current'),
    selectTotals(q, request, 'previous'),
    selectMemberCount(q, ctx.organizationId),
  ]);
  return { range: range!, current, previous, members: members!.count };
}
export type Overview = Awaited<ReturnType<typeof getOverview>>;

/** The figures of each interval of a range. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getTimeline(ctx: Ctx, query: OverviewTimelineQuery) {
  const request = requestOf(ctx, query);
  const [[range], rows] = await ctx.read((q) => [
    selectRange(q, request),
    selectTimeline(q, request, query.interval),
  ]);
  return { range: range!, rows };
}
export type Timeline = Awaited<ReturnType<typeof getTimeline>>;

/** The users or rooms with the longest connected time. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getTop(ctx: Ctx, kind: 'user' | 'room', query: TopQuery) {
  const request = requestOf(ctx, query);
  const [[range], rows] = await ctx.read((q) => [
    selectRange(q, request),
    selectTop(q, request, kind, query.limit),
  ]);
  return { range: range!, rows };
}
export type Top = Awaited<ReturnType<typeof getTop>>;
