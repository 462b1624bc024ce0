import type { Client } from 'pg';
import { refreshAiBuckets } from '../../../src/analytics/ai-analytics/refresh-ai-buckets.ts';
import type { Services } from '../../../src/kernel/context/index.ts';
import { organizationIdOf } from './analytics-fill.ts';
import { type Cost, costFigures, formatCost, measureCost, medianCost } from './read-cost.ts';
import type { BenchRow } from './report.ts';

/** Rounds until a session has planned the functions, and those that count. */
const WARM = 2;
const ROUNDS = 9;

/** What it takes to compute the last quarters with answers of an organization again, at most `most`, by the product's scheduled task. */
export async function measureAiUpkeep(
  services: Services,
  client: Client,
  { what, organization, most }: { what: string; organization: 1 | 2; most: number },
): Promise<BenchRow> {
  const each: Cost[] = [];
  let quarters = 0;
  for (let round = 0; round < WARM + ROUNDS; round++) {
    const { rowCount } = await client.query(
      `insert into analytics_ai_dirty (organization_id, quarter, since)
      select organization_id, starts_at, now() from (
        select distinct organization_id, starts_at from analytics_ai_buckets b
        where organization_id = $1 and grain = 'quarter' order by starts_at desc limit $2) last`,
      [organizationIdOf(organization), most],
    );
    quarters = rowCount!;
    const { elapsed, server, reader } = await measureCost(client, () => refreshAiBuckets(services));
    if (round >= WARM)
      each.push({ elapsed: elapsed / quarters, server: server / quarters, reader: reader / quarters });
  }
  return {
    what,
    measured: `${formatCost(medianCost(each), 2)}, for each of ${quarters} quarters of an hour`,
    target: '–',
    holds: true,
    figures: costFigures('', each),
  };
}
