import type { Client } from 'pg';
import { fraction, idOf, oneOf } from './analytics-sql.ts';

/** Answers of models in each call with an agent: a tenth of all calls. */
const ANSWERS = 3;

/**
 * What models answered in the calls of the two organizations that are read, and what that was recorded as and cost. Models of two
 * providers, three features. The filled calls must be there.
 */
const answers = `
  create temporary table answer as
  select ${idOf('gen', 'n')} as id, n, organization_id, call_id,
    started_at + ${fraction(31)} * duration_ms * interval '1 millisecond' as at,
    ${oneOf(['model-a', 'model-a', 'model-b', 'model-c'], 32)} as model, ${oneOf(['agents', 'questions', 'summaries'], 33)} as feature,
    ${oneOf(['completed', 'completed', 'completed', 'completed', 'completed', 'failed', 'cancelled'], 34)} as status,
    (200 + 4000 * power(${fraction(35)}, 2))::integer as input, (20 + 600 * power(${fraction(36)}, 2))::integer as output,
    (200 + 3000 * power(${fraction(37)}, 3))::integer as first_ms, (300 + 12000 * power(${fraction(38)}, 2))::integer as whole_ms
  from (
    select c.*, substr(c.call_id, 6)::bigint * 10 + p as n
    from analytics_calls c cross join generate_series(1, ${ANSWERS}) p
    where c.organization_id in (${idOf('org', '1')}, ${idOf('org', '2')}) and c.with_agent) each
  order by at`;

const generations = `
  insert into ai_generations (id, organization_id, status, provider, model, own_key, usage_state, input_tokens, output_tokens,
    cache_read_tokens, cache_write_tokens, cache_write_hour_tokens, first_output_ms, duration_ms, attempts, created_at, ended_at, origin)
  select id, organization_id, status, case model when 'model-a' then 'anthropic' else 'openai' end, model, false, 'exact', input, output,
    0, 0, 0, first_ms, first_ms + whole_ms, '[]', at, at + (first_ms + whole_ms) * interval '1 millisecond',
    jsonb_build_object('feature', feature, 'call', call_id)
  from answer`;

const METERS = `(values ('ai_input_tokens', 1, input, 3), ('ai_output_tokens', 2, output, 15)) used(meter, part, quantity, price)`;
const usage = `
  insert into usage_events (id, organization_id, meter, key, revision, occurred_at, quantity, version, dimensions, recorded_at)
  select ${idOf('use', '(n * 10)', 'part')}, organization_id, meter, id, 1, at, quantity, 1, jsonb_build_object('feature', feature,
    'call', call_id, 'provider', case model when 'model-a' then 'anthropic' else 'openai' end, 'model', model), at
  from answer cross join lateral ${METERS}`;
const costs = `
  insert into cost_lines (organization_id, usage_id, entry, meter, occurred_at, call_id, quantity, price_version_id, amount_micros,
    unknown, recorded_at)
  select organization_id, ${idOf('use', '(n * 10)', 'part')}, 1, meter, at, call_id, quantity, ${idOf('price', 'part')}, quantity * price,
    0, at
  from answer cross join lateral ${METERS}`;

export async function fillAi(client: Client): Promise<void> {
  for (const statement of [answers, generations, usage, costs, 'drop table answer'])
    await client.query(statement);
}
