import { Client } from 'pg';
import { fillAi } from './analytics-ai-fill.ts';
import { fraction, idOf, oneOf } from './analytics-sql.ts';

/** Organizations of the filled database; the first is the largest, the second a small one with 3,000 calls. */
export const ORGANIZATIONS = 2_000;
/** Share of all calls that the largest has. */
const LARGEST_SHARE = 0.3;
const SMALL_CALLS = 3_000;
const DAYS = 366;
/** The moment of all reads, shortly before the end of the organizations' day. Fixed, so that each run has the same calls. */
export const BENCH_MOMENT = '2026-11-28T22:30:00.000Z';
const MOMENT = `timestamptz '${BENCH_MOMENT}'`;
const LARGEST = { users: 20_000, rooms: 2_000 };
const OTHERS = { users: 40, rooms: 8 };

const idOfNumber = (prefix: string, number: number) => `${prefix}_${String(number).padStart(26, '0')}`;
export const organizationIdOf = (organization: number) => idOfNumber('org', organization);
export const ownerIdOf = (organization: number) => idOfNumber('usr', organization * 100_000);
/** The session of its owner; only the first two organizations have one. */
export const sessionIdOf = (organization: number) => idOfNumber('ses', organization);

/** Organizations with an owner who has a session, and their users and rooms. */
const PEOPLE = [
  `insert into users (id, email, email_verified, name, created_at, updated_at)
    select ${idOf('usr', '(o * 100000)', 'n')}, o || '.' || n || '@bench.example', true, 'User ' || n, now(), now()
    from generate_series(1, ${ORGANIZATIONS}) o
      cross join lateral generate_series(0, case o when 1 then ${LARGEST.users} else ${OTHERS.users} end - 1) n`,
  `insert into organizations (id, name, slug, settings, created_at, updated_at)
    select ${idOf('org', 'o')}, 'Organization ' || o, 'organization-' || o, '{"timeZone": "Europe/Berlin"}', now(), now()
    from generate_series(1, ${ORGANIZATIONS}) o`,
  `insert into members (id, organization_id, user_id, role, created_at, updated_at)
    select ${idOf('mem', 'o')}, ${idOf('org', 'o')}, ${idOf('usr', '(o * 100000)', '0')}, 'owner', now(), now()
    from generate_series(1, ${ORGANIZATIONS}) o`,
  `insert into sessions (id, user_id, token_hash, organization_id, created_at, updated_at, expires_at)
    select ${idOf('ses', 'o')}, ${idOf('usr', '(o * 100000)', '0')}, o::text, ${idOf('org', 'o')}, ${MOMENT}, ${MOMENT}, ${MOMENT} + interval '1 year'
    from generate_series(1, 2) o`,
  `insert into rooms (id, organization_id, name, type, capacity, features, empty_timeout_seconds, departure_timeout_seconds,
      default_roles, tags, metadata, created_by, created_at, updated_at)
    select ${idOf('room', '(o * 100000)', 'n')}, ${idOf('org', 'o')}, 'Room ' || n, 'group', 10, '{}', 60, 60, '{}', '{}', '{}',
      'bench', now(), now()
    from generate_series(1, ${ORGANIZATIONS}) o
      cross join lateral generate_series(0, case o when 1 then ${LARGEST.rooms} else ${OTHERS.rooms} end - 1) n`,
];

const ROOM = `floor(${fraction(11)} * case o when 1 then ${LARGEST.rooms} else ${OTHERS.rooms} end)::integer`;
const USER = `floor(power(${fraction(12, 'n * 10 + p')}, 2) * case o when 1 then ${LARGEST.users} else ${OTHERS.users} end)::integer`;

/**
 * Calls number `from` to `to` of `all`, with one to three people in each, in the order of time, as a ledger stores them: the
 * organizations' rows lie mixed.
 */
const callsOf = (all: number, from: number, to: number) => `
  with each as materialized (
    select n, ${MOMENT} - interval '${DAYS} days' + n * (interval '${DAYS} days' / ${all}) as at,
      (${fraction(2)} * 3600000)::bigint as ms,
      case when ${fraction(1)} < ${LARGEST_SHARE} then 1
        when ${fraction(1)} < ${LARGEST_SHARE + SMALL_CALLS / all} then 2
        else 3 + floor(power(${fraction(3)}, 2) * ${ORGANIZATIONS - 2})::integer end as o
    from generate_series(${from}::bigint, ${to}::bigint) n
  ), stored as (
    insert into analytics_calls (call_id, organization_id, started_at, ended_at, duration_ms, type, region, lost, with_agent,
      peak_participants, measured_at)
    select ${idOf('call', 'n')}, ${idOf('org', 'o')}, at, at + ms * interval '1 millisecond', ms,
      ${oneOf(['audio', 'video', 'video', 'screen_share'], 4)}, ${oneOf(['EU', 'NA', 'AS'], 5)}, ${fraction(6)} < 0.01,
      ${fraction(7)} < 0.1, 2, at + interval '2 hours'
    from each
  )
  insert into analytics_participations (participant_id, organization_id, call_id, room_id, started_at, kind, user_id, region,
    connected_ms, bytes_sent, bytes_received, connection, cause, mos, round_trip_ms, jitter_ms, loss_ppm, bitrate_kbps)
  select ${idOf('part', '(n * 10)', 'p')}, ${idOf('org', 'o')}, ${idOf('call', 'n')}, ${idOf('room', '(o * 100000)', ROOM)}, at,
    case p when 2 then 'guest' else 'user' end, case when p < 2 then ${idOf('usr', '(o * 100000)', USER)} end,
    ${oneOf(['EU', 'NA', 'AS', 'OC'], 13)}, ms, ms * 60, ms * 120,
    ${oneOf(['udp', 'udp', 'udp', 'tcp', 'tls', 'relay'], 14, 'n * 10 + p')},
    ${oneOf(['healthy', 'healthy', 'healthy', 'healthy', 'uplink_loss', 'unknown'], 15, 'n * 10 + p')},
    (300 + ${fraction(16, 'n * 10 + p')} * 150)::integer, (10 + 400 * power(${fraction(17, 'n * 10 + p')}, 3))::integer,
    (${fraction(18, 'n * 10 + p')} * 40)::integer, (20000 * power(${fraction(19, 'n * 10 + p')}, 4))::integer, 900
  from each cross join lateral generate_series(0, floor(${fraction(10)} * 3)::integer) p`;

const BATCH = 500_000;
const FILLED = ['analytics_calls', 'analytics_participations'];

/** The indexes of the filled tables, to be made again once the rows are there, which is quicker. */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ drop: string; make: string }>(
    `select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
        else format('alter table %s drop constraint %I cascade', c.conrelid::regclass, c.conname) end as drop,
      case when c.oid is null then pg_get_indexdef(i.indexrelid)
        else format('alter table %s add constraint %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) end as make
    from pg_index i left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'p'
    where i.indrelid = any ($1::text[]::regclass[]) order by c.contype nulls first`,
    [FILLED],
  );
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ make }) => make);
}

/**
 * Fills a migrated database with calls of 366 days, and participations: measured ones, without the ledger that they
 * come from, which no read of analytics touches; and with answers of models. Row-level security stays; references are not checked.
 */
export async function fillAnalytics(client: Client, calls: number): Promise<void> {
  await client.query("set session_replication_role = 'replica'");
  await client.query("set maintenance_work_mem = '512MB'");
  for (const statement of PEOPLE) await client.query(statement);
  const indexes = await dropIndexes(client);
  for (let from = 1; from <= calls; from += BATCH)
    await client.query(callsOf(calls, from, Math.min(calls, from + BATCH - 1)));
  for (const make of indexes) await client.query(make);
  await fillAi(client);
  await client.query("set session_replication_role = 'origin'");
  await client.query('vacuum (analyze)');
}
