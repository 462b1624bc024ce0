import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { askedRange, type RangeRequest, selectRange } from '../rollups/index.ts';
import { MOS_LIMITS, SSIM_LIMITS } from './compression-stats.rules.ts';
import {
  countByEncoder,
  gradeCopies,
  gradeNetworks,
  gradeParticipations,
  measureByPreset,
  sumSavings,
} from './compression-stats.queries.ts';
import type { SavingsQuery, StatsQuery } from './compression-stats.schemas.ts';

function requestOf(ctx: Ctx, query: StatsQuery): RangeRequest {
  requirePermission(ctx.actor, 'analytics:read');
  return { organizationId: ctx.organizationId, asked: askedRange(query), now: new Date(ctx.clock.now()) };
}

/** The results of each encoder in a range. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getEncoderPerformance(ctx: Ctx, query: StatsQuery) {
  const request = requestOf(ctx, query);
  const [[range], encoders, presets] = await ctx.read((q) => [
    selectRange(q, request),
    countByEncoder(q, request),
    measureByPreset(q, request),
  ]);
  return { range: range!, encoders: encoders.rows, presets: presets.rows };
}
export type EncoderPerformance = Awaited<ReturnType<typeof getEncoderPerformance>>;

/** The bytes that copies saved in a range and in the period before it. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getBandwidthSavings(ctx: Ctx, { callId, ...query }: SavingsQuery) {
  const request = requestOf(ctx, query);
  const [[range], savings] = await ctx.read((q) => [selectRange(q, request), sumSavings(q, request, callId)]);
  return { range: range!, rows: savings.rows };
}
export type BandwidthSavings = Awaited<ReturnType<typeof getBandwidthSavings>>;

/** How good copies, networks and calls were in a range. @throws AppError `auth.forbidden` without `analytics:read` */
export async function getQualityDistribution(ctx: Ctx, query: StatsQuery) {
  const request = requestOf(ctx, query);
  const [[range], copies, networks, participations] = await ctx.read((q) => [
    selectRange(q, request),
    gradeCopies(q, request, SSIM_LIMITS),
    gradeNetworks(q, request),
    gradeParticipations(q, request, MOS_LIMITS),
  ]);
  return {
    range: range!,
    copies: copies.rows[0]!,
    networks: networks.rows[0]!,
    participations: participations.rows[0]!,
  };
}
export type QualityDistribution = Awaited<ReturnType<typeof getQualityDistribution>>;
