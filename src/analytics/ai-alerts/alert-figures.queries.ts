import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { AiThreshold } from './ai-alerts.schemas.ts';
import type { AlertFigures, FigureSource } from './ai-alerts.rules.ts';

const HOUR_MS = 3_600_000;
const QUARTER_MS = 900_000;

/** The figures of a threshold are asked for at a moment. */
export interface FiguresRequest {
  organizationId: string;
  of: AiThreshold;
  nowMs: number;
}
type Found = Partial<AlertFigures> & Record<string, unknown>;

const timestamp = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;
const isAny = (value: string | null, column: SQL) => (value === null ? sql`true` : sql`${column} = ${value}`);

/** The answers of a model that a threshold is about, without those from the cache. */
const isAbout = ({ organizationId, of }: FiguresRequest, fromMs: number) => sql`
  a.organization_id = ${organizationId} and a.created_at >= ${timestamp(fromMs)} and a.status <> 'running' and a.reused is null
  and ${isAny(of.model, sql`a.model`)} and ${isAny(of.feature, sql`a.origin ->> 'feature'`)}`;

const sumAnswers = (q: Queries, request: FiguresRequest) =>
  q.execute<Found>(sql`
    select (count(*) filter (where a.status = 'completed'))::int as completed,
      (count(*) filter (where a.status = 'failed'))::int as failed,
      (percentile_disc(0.95) within group (order by a.first_output_ms) filter (where a.status = 'completed'))::int as "firstP95Ms",
      (percentile_disc(0.95) within group (order by a.duration_ms) filter (where a.status = 'completed'))::int as "durationP95Ms"
    from ai_generations a where ${isAbout(request, request.nowMs - HOUR_MS)}`);

/** Few answers are rated, so they are found by their ratings. */
function sumRatings(q: Queries, request: FiguresRequest) {
  const fromMs = request.nowMs - 24 * HOUR_MS;
  return q.execute<Found>(sql`
    select (count(*) filter (where x.kind = 'thumb'))::int as thumbs,
      (count(*) filter (where x.kind = 'thumb' and x.rating = 5))::int as "thumbsUp",
      (count(*) filter (where x.kind = 'score'))::int as scores,
      coalesce(sum(x.rating) filter (where x.kind = 'score'), 0)::int as "scoreSum"
    from ai_ratings x join ai_generations a on a.id = x.generation_id
    where x.organization_id = ${request.organizationId} and x.created_at >= ${timestamp(fromMs)} and ${isAbout(request, fromMs)}`);
}

/** Costs are summed from buckets: a day of a large organization has millions of cost lines. */
function sumCost(q: Queries, { organizationId, of, nowMs }: FiguresRequest) {
  const toMs = (Math.floor(nowMs / QUARTER_MS) + 1) * QUARTER_MS;
  return q.execute<Found>(sql`
    select coalesce(sum(b.requests), 0)::int as requests, coalesce(sum(b.amount_micros), 0)::text as "costMicros"
    from ai_analytics_cover(${organizationId}, ${timestamp(toMs - 24 * HOUR_MS)}, ${timestamp(toMs)}) b
    where ${isAny(of.model, sql`b.model`)} and ${isAny(of.feature, sql`b.feature`)}`);
}

/** The figures of each source, one row each, even without answers. */
export const SUMS: Readonly<Record<FigureSource, typeof sumAnswers>> = {
  answers: sumAnswers,
  ratings: sumRatings,
  costs: sumCost,
};
