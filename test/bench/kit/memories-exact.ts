import { CANDIDATES, MAX_COMPARED } from '../../../src/intelligence/memory-search/memory-search.rules.ts';
import type { MeasuredDatabase } from './memories-database.ts';

export interface RecallQuery {
  organizationId: string;
  spaces: readonly string[];
  /** As `wordQueryOf` gives it. */
  words: string;
  vector: string;
}

const arrayOf = (values: readonly string[]) => `{${values.map((value) => `"${value}"`).join(',')}}`;

/** The ten best as the product finds them, in its role and behind its policies. */
export const recall = (
  database: MeasuredDatabase,
  { organizationId, spaces, words, vector }: RecallQuery,
): Promise<Record<string, string | null>[]> =>
  database.run(
    [`select enter_scope('auralink_app', $1, 'usr_bench', '60000', null)`, organizationId],
    [
      `select memory_id, passage from recall_memories($1, $2::text[], $3, $4::halfvec, 'bench@1', now(), $5::int, $6::int) limit 10`,
      organizationId,
      arrayOf(spaces),
      words,
      vector,
      String(CANDIDATES),
      String(MAX_COMPARED),
    ],
  );

/** So many passages are all ranked by words. */
const FEW = 2_000;
/** Passages that are ranked by words: of few all with any of them, otherwise those with a rare one, and those that are near. */
const BY_RULE = `case when (select count(*) from visible) <= ${FEW} then v.search @@ any_word
  else v.search @@ rare or (v.search @@ any_word and v.id in (select id from near)) end`;

/**
 * The ten best when nothing is bounded: all vectors are compared, words are counted in all passages, and everything
 * that matches is ranked.
 * @param by `rule`: as the product ranks; `every match`: all passages with any of the words, whatever they say
 */
export async function recallExactly(
  database: MeasuredDatabase,
  { organizationId, spaces, words, vector }: RecallQuery,
  by: 'rule' | 'every match',
): Promise<Record<string, string | null>[]> {
  return database.run([
    `with visible as materialized (
        select c.id, c.memory_id, c.text, c.search from memory_chunks c where c.organization_id = $1 and c.space = any($2::text[])
      ), near as materialized (
        select n.id, row_number() over (order by n.distance, n.id) as rank, -n.distance as similarity from (
          select v.chunk_id as id, (v.embedding <#> $3::halfvec) + 0 as distance from memory_vectors v
          where v.organization_id = $1 and v.space = any($2::text[]) order by 2 limit ${CANDIDATES}) n
      ), counted as materialized (
        select word, (select count(*) filter (where (v.search @@ to_tsquery('simple', word)) is true) from visible v) as passages
        from unnest(string_to_array($4, ' | ')) word
      ), query as materialized (
        select to_tsquery('simple', $4) as any_word,
          (select to_tsquery('simple', string_agg(word, ' | ')) from counted
            where passages * 20 <= (select count(*) from visible)) as rare
      ), texts as (
        select t.id, row_number() over (order by t.is_rare desc, t.relevance desc, case when not t.is_rare then t.place end, t.id) as rank from (
          select v.id, ts_rank(v.search, any_word) as relevance,
            coalesce(v.search @@ rare, false) and $5 = 'rule' and (select count(*) from visible) > ${FEW} as is_rare,
            case when $5 = 'rule' and (select count(*) from visible) > ${FEW} then (select n.rank from near n where n.id = v.id) end as place
          from visible v, query where case $5 when 'rule' then ${BY_RULE} else v.search @@ any_word end) t
        order by 2 limit ${CANDIDATES}
      )
      select v.memory_id, v.text as passage
      from visible v left join texts t on t.id = v.id left join near n on n.id = v.id
      where t.id is not null or n.id is not null
      order by coalesce(1.0 / (60 + t.rank), 0) + coalesce(1.0 / (60 + n.rank), 0) desc, n.similarity desc nulls last, v.memory_id
      limit 10`,
    organizationId,
    arrayOf(spaces),
    vector,
    words,
    by,
  ]);
}

/** How many of the ids were found, as a share. */
export function shareFound(
  found: readonly Record<string, string | null>[],
  exact: readonly Record<string, string | null>[],
): number {
  const ids = new Set(found.map((row) => row.memory_id));
  return exact.filter((row) => ids.has(row.memory_id)).length / exact.length;
}
