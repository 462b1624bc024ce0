import { type SQL, sql } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { type RangeRequest, rangeTable } from '../rollups/index.ts';

/** The compressions `c` that ended in the range `r`, or in the period before it. */
const endedIn = (request: RangeRequest, from: SQL = sql`r.from_at`) => sql`
  from ${rangeTable(request)} join file_compressions c on c.organization_id = ${request.organizationId}
    and c.ended_at >= ${from} and c.ended_at < r.to_at`;

/** The encoder of the copy; a compression that failed has no figures. */
const encoder = sql`coalesce(c.figures ->> 'codec', case when c.settings ->> 'kind' = 'image' then c.settings ->> 'format'
  when c.settings ->> 'codec' = 'av1' then 'svt-av1' else 'x264' end)`;
const figure = (name: string) => sql`(c.figures ->> ${name})::float8`;

export interface EncoderRow {
  codec: string;
  replaced: number;
  notSmaller: number;
  qualityNotReached: number;
  copyDiffers: number;
  failed: number;
}

/** How the compressions of each encoder ended. */
export const countByEncoder = (q: Queries, request: RangeRequest) =>
  q.execute<{ [K in keyof EncoderRow]: EncoderRow[K] }>(sql`
    select ${encoder} as codec, count(*) filter (where c.state = 'ready')::int as replaced,
      count(*) filter (where c.reason = 'not_smaller')::int as "notSmaller",
      count(*) filter (where c.reason = 'quality_not_reached')::int as "qualityNotReached",
      count(*) filter (where c.reason = 'copy_differs')::int as "copyDiffers",
      count(*) filter (where c.state = 'failed')::int as failed
    ${endedIn(request)} where c.state in ('ready', 'kept', 'failed') group by 1 order by 1`);

export interface PresetRow {
  codec: string;
  preset: string | null;
  measured: number;
  meanSsim: number;
  lowestSsim: number;
  copyBytes: number;
  originalBytes: number;
  meanCpuSeconds: number;
  p95CpuSeconds: number;
  cpuSeconds: number;
  mediaSeconds: number;
  meanSeconds: number;
}

/** The measurements of each encoder and preset; only of copies that were compared. */
export const measureByPreset = (q: Queries, request: RangeRequest) =>
  q.execute<{ [K in keyof PresetRow]: PresetRow[K] }>(sql`
    select c.figures ->> 'codec' as codec, c.figures ->> 'preset' as preset, count(*)::int as measured,
      avg(${figure('ssim')}) as "meanSsim", min(${figure('lowestSsim')}) as "lowestSsim",
      sum(${figure('copyBytes')}) as "copyBytes", sum(c.source_bytes)::float8 as "originalBytes",
      avg(${figure('cpuSeconds')}) as "meanCpuSeconds", sum(${figure('cpuSeconds')}) as "cpuSeconds",
      percentile_cont(0.95) within group (order by ${figure('cpuSeconds')}) as "p95CpuSeconds",
      sum(${figure('durationSeconds')}) as "mediaSeconds",
      avg(extract(epoch from c.ended_at - c.created_at))::float8 as "meanSeconds"
    ${endedIn(request)} where c.state in ('ready', 'kept') and ${figure('framesCompared')} > 0 and ${figure('copyBytes')} > 0
    group by 1, 2 order by 1, 2 nulls last`);

export interface SavingRow {
  /** Null for the sum of the period before the range. */
  day: string | null;
  files: number;
  originalBytes: number;
  copyBytes: number;
}

/** Compressions of files that were shared during a call, and of its recordings. */
const ofCall = (callId: string) => sql`
  and (c.file_id in (select f.id from files f where f.call_id = ${callId})
    or c.recording_id in (select v.id from recordings v where v.call_id = ${callId}))`;

/** The savings of copies on each day of the range that had any, and in the period before it. */
export const sumSavings = (q: Queries, request: RangeRequest, callId: string | undefined) =>
  q.execute<{ [K in keyof SavingRow]: SavingRow[K] }>(sql`
    select case when c.ended_at >= r.from_at then to_char(c.ended_at at time zone r.time_zone, 'YYYY-MM-DD') end as day,
      count(*)::int as files, sum(c.source_bytes)::float8 as "originalBytes", sum(c.copy_bytes)::float8 as "copyBytes"
    ${endedIn(request, sql`r.before_at`)}
    where c.state = 'ready' ${callId === undefined ? sql`` : ofCall(callId)} group by 1 order by 1`);

export interface GradeCounts {
  excellent: number;
  good: number;
  fair: number;
  poor: number;
  unknown: number;
}

const count = (condition: SQL) => sql`count(*) filter (where ${condition})::int`;

/** Counts rows by a figure that is better the larger it is. */
const countByLimits = (value: SQL, [excellent, good, fair]: readonly [number, number, number]) => sql`
  ${count(sql`${value} >= ${excellent}::float8`)} as excellent,
  ${count(sql`${value} >= ${good}::float8 and ${value} < ${excellent}::float8`)} as good,
  ${count(sql`${value} >= ${fair}::float8 and ${value} < ${good}::float8`)} as fair,
  ${count(sql`${value} < ${fair}::float8`)} as poor, ${count(sql`${value} is null`)} as unknown`;

/** Copies that replaced the bytes of a file or recording, by their SSIM. */
export const gradeCopies = (q: Queries, request: RangeRequest, limits: readonly [number, number, number]) =>
  q.execute<{ [K in keyof GradeCounts]: number }>(sql`
    select ${countByLimits(figure('ssim'), limits)} ${endedIn(request)} where c.state = 'ready'`);

/** Networks for which a recommendation was made, as they were measured at that time. */
export const gradeNetworks = (q: Queries, request: RangeRequest) =>
  q.execute<{ [K in keyof GradeCounts]: number }>(sql`
    select ${count(sql`s.quality = 'excellent'`)} as excellent, ${count(sql`s.quality = 'good'`)} as good,
      ${count(sql`s.quality = 'fair'`)} as fair, ${count(sql`s.quality = 'poor'`)} as poor,
      ${count(sql`s.quality is null`)} as unknown
    from ${rangeTable(request)} join send_recommendations s on s.organization_id = ${request.organizationId}
      and s.created_at >= r.from_at and s.created_at < r.to_at`);

/** Participations of calls that have ended, by the mean opinion score of what was received, in hundredths. */
export const gradeParticipations = (
  q: Queries,
  request: RangeRequest,
  limits: readonly [number, number, number],
) =>
  q.execute<{ [K in keyof GradeCounts]: number }>(sql`
    select ${countByLimits(sql`p.mos`, limits)}
    from ${rangeTable(request)} join analytics_participations p on p.organization_id = ${request.organizationId}
      and p.started_at >= r.from_at and p.started_at < r.to_at`);
