import type { Client } from 'pg';
import { TOKEN_METERS } from '../../../src/intelligence/models/index.ts';

const QUARTERS = 200;

/** Computes the buckets of all answers by the product's function, and gives them the same ones for the year before. */
export async function buildAiBuckets(client: Client): Promise<void> {
  await client.query(
    `insert into analytics_ai_dirty (organization_id, quarter, since)
    select distinct organization_id, date_bin('15 minutes', created_at, timestamptz '1970-01-01'), now() from ai_generations`,
  );
  for (let refreshed = QUARTERS, round = 1; refreshed === QUARTERS; round++) {
    // A session keeps the plans of functions: those for an empty table would read all of a full one. Autovacuum does this elsewhere.
    if (Number.isInteger(Math.log2(round)))
      await client.query('analyze analytics_ai_buckets, analytics_ai_hours');
    const { rows } = await client.query<{ refreshed: number }>(
      'select compute_ai_buckets($1, $2) as refreshed',
      [QUARTERS, TOKEN_METERS],
    );
    refreshed = rows[0]!.refreshed;
  }
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'analytics_ai_buckets'::regclass and attnum > 0 and not attisdropped`,
  );
  const names = rows.map(({ name }) => name);
  await client.query(
    `insert into analytics_ai_buckets (${names.join(', ')})
    select ${names.map((name) => (name === 'starts_at' ? `starts_at - interval '1 year'` : name)).join(', ')}
    from analytics_ai_buckets on conflict do nothing`,
  );
  await client.query('vacuum (analyze) analytics_ai_buckets, analytics_ai_hours');
}
