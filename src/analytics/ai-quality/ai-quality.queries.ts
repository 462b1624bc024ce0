import { type SQL, sql } from 'drizzle-orm';
import { TOKEN_METERS } from '../../intelligence/models/index.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';
import type { AnswerQualityFigures, QualityRow } from './figures.rules.ts';

/** Filters of answers. */
export interface QualityFilter {
  model?: string | undefined;
  feature?: string | undefined;
}

const MOST_ROWS = 500;

/** The feature that asked for the generation `a`. */
const feature = sql`a.origin ->> 'feature'`;
const meters = sql.join(
  TOKEN_METERS.map((name) => sql`${name}`),
  sql`, `,
);
const percentile = (share: number, column: 'first_output_ms' | 'duration_ms') => sql`
  percentile_disc(${share}::float8) within group (order by g.${sql.raw(column)}) filter (where g.status = 'completed')`;

/** The ratings of the answers in `g`, by id. */
const ratingsOf = ({ organizationId }: RangeRequest) => sql`
      select x.generation_id as id, (count(*) filter (where x.kind = 'thumb'))::int as thumbs,
        (count(*) filter (where x.kind = 'thumb' and x.rating = 5))::int as up,
        (count(*) filter (where x.kind = 'score'))::int as scores,
        coalesce(sum(x.rating) filter (where x.kind = 'score'), 0)::int as sum,
        coalesce(sum(x.rating * x.rating) filter (where x.kind = 'score'), 0)::int as squares
      from ai_ratings x
      where x.organization_id = ${organizationId} and x.generation_id in (select id from g where status is not null)
      group by x.generation_id`;

/**
 * Figures of the answers that were requested in the range and have ended, grouped by `columns` and `groups`. An answer
 * from the cache has no status here, so that no figure of a model includes it.
 */
const figuresOf = (
  { model, feature: asked }: QualityFilter,
  request: RangeRequest,
  columns: SQL,
  groups: SQL,
) => sql`
    with g as materialized (
      select a.id, a.provider, a.model, case when a.reused is null then a.status end as status, a.first_output_ms, a.duration_ms,
        ${feature} as feature, a.input_tokens::bigint + a.output_tokens + a.cache_read_tokens + a.cache_write_tokens
          + a.cache_write_hour_tokens > 0 as is_used
      from ${rangeTable(request)} join ai_generations a on a.organization_id = ${request.organizationId}
        and a.created_at >= r.from_at and a.created_at < r.to_at and a.status <> 'running'
      where ${model === undefined ? sql`true` : sql`a.model = ${model}`}
    ), costs as (
      select u.key as id, sum(l.amount_micros) as amount, sum(l.unknown) as unknown
      from usage_events u join cost_lines l on l.organization_id = u.organization_id and l.usage_id = u.id
      where u.organization_id = ${request.organizationId} and u.source is null and u.meter in (${meters})
        and u.key in (select id from g where status is not null)
      group by u.key
    ), ratings as (${ratingsOf(request)}
    )
    select ${columns}, (count(*) filter (where g.status = 'completed'))::int as completed,
      (count(*) filter (where g.status = 'failed'))::int as failed,
      (count(*) filter (where g.status = 'cancelled'))::int as cancelled,
      (count(*) filter (where g.status is null))::int as reused,
      ${percentile(0.5, 'first_output_ms')}::int as "firstMedianMs", ${percentile(0.95, 'first_output_ms')}::int as "firstP95Ms",
      ${percentile(0.5, 'duration_ms')}::int as "durationMedianMs", ${percentile(0.95, 'duration_ms')}::int as "durationP95Ms",
      coalesce(sum(c.amount), 0)::text as "costMicros",
      (count(*) filter (where g.status is not null and (c.unknown > 0 or c.id is null and g.is_used)))::int as "unknownCosts",
      coalesce(sum(t.thumbs), 0)::int as thumbs, coalesce(sum(t.up), 0)::int as "thumbsUp",
      coalesce(sum(t.scores), 0)::int as scores, coalesce(sum(t.sum), 0)::int as "scoreSum",
      coalesce(sum(t.squares), 0)::int as "scoreSquares"
    from g left join costs c on c.id = g.id left join ratings t on t.id = g.id
    where ${asked === undefined ? sql`true` : sql`g.feature = ${asked}`}
    ${groups}`;

/** Figures by model and feature, those with most answers first. */
export const sumQuality = (q: Queries, request: RangeRequest, filter: QualityFilter) =>
  q.execute<{ [K in keyof QualityRow]: QualityRow[K] }>(
    figuresOf(
      filter,
      request,
      sql`g.provider, g.model, g.feature`,
      sql`group by g.provider, g.model, g.feature order by count(*) desc, g.model, g.feature limit ${MOST_ROWS}`,
    ),
  );

/** Figures of all answers of one model; one row, even without answers. */
export const sumModel = (q: Queries, request: RangeRequest, filter: QualityFilter & { model: string }) =>
  q.execute<{ [K in keyof AnswerQualityFigures]: AnswerQualityFigures[K] }>(
    figuresOf(filter, request, sql`${filter.model}::text as model`, sql``),
  );
