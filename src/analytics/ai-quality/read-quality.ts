import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { askedRange, type RangeRequest, selectRange } from '../rollups/index.ts';
import { sumModel, sumQuality } from './ai-quality.queries.ts';
import type { ComparisonQuery, QualityQuery } from './ai-quality.schemas.ts';

function requestOf(ctx: Ctx, query: Parameters<typeof askedRange>[0]): RangeRequest {
  requirePermission(ctx.actor, 'analytics:read');
  return { organizationId: ctx.organizationId, asked: askedRange(query), now: new Date(ctx.clock.now()) };
}

/**
 * The quality of answers in a range, by model and feature.
 * @throws AppError `auth.forbidden` without `analytics:read`
 */
export async function getAnswerQuality(ctx: Ctx, { model, feature, ...query }: QualityQuery) {
  const request = requestOf(ctx, query);
  const [[range], { rows }] = await ctx.read((q) => [
    selectRange(q, request),
    sumQuality(q, request, { model, feature }),
  ]);
  return { range: range!, rows };
}
export type FoundQuality = Awaited<ReturnType<typeof getAnswerQuality>>;

/** Compares two models over all features, or for one. @throws AppError `auth.forbidden` without `analytics:read` */
export async function compareModels(ctx: Ctx, { first, second, feature, ...query }: ComparisonQuery) {
  const request = requestOf(ctx, query);
  const [[range], firsts, seconds] = await ctx.read((q) => [
    selectRange(q, request),
    sumModel(q, request, { model: first, feature }),
    sumModel(q, request, { model: second, feature }),
  ]);
  return { range: range!, first: firsts.rows[0]!, second: seconds.rows[0]! };
}
export type ComparedModels = Awaited<ReturnType<typeof compareModels>>;
