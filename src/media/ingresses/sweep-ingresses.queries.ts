import { desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { inTurn, type Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { isCallOfRoom } from './ingresses.queries.ts';
import { REFUSED_MS } from './ingresses.rules.ts';
import { ingresses } from './ingresses.tables.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Condition: an ingress may have to change now, here or at its cluster; `calls` is the active call of its room. */
const isUnderWay = (now: Date): SQL => sql`case
  when ${rooms.deletedAt} is not null or ${organizations.deletedAt} is not null
    then ${ingresses.clusterIngress} is not null or ${ingresses.begunAt} is not null or ${ingresses.callId} is not null
  when ${ingresses.begunAt} is not null then true
  when ${ingresses.kind} <> 'url' and ${ingresses.reason} = 'refused'
    then ${ingresses.stateAt} <= ${new Date(now.getTime() - REFUSED_MS).toISOString()}::timestamptz
  when ${ingresses.state} in ('requested', 'connecting', 'active') then true
  when ${ingresses.kind} <> 'url' then ${ingresses.callId} is not null or (${ingresses.enabled} and ${calls.id} is not null)
  else ${ingresses.clusterIngress} is not null
    or (${calls.id} is not null and ${ingresses.enabled}
      and (${ingresses.callId} is distinct from ${calls.id} or ${ingresses.state} = 'idle')) end`;

/** Each ingress in one minute of an hour. */
const isItsMinute = (now: Date): SQL =>
  sql`mod(hashtext(${ingresses.id}) & 2147483647, 60) = ${Math.floor((now.getTime() % HOUR_MS) / MINUTE_MS)}`;

/**
 * Ingresses of all organizations for a sweep: first those that may have to change now, then, each once an hour, those
 * that wait. Both groups take turns.
 */
export const selectIngressesToSweep = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: ingresses.id, organizationId: ingresses.organizationId })
    .from(ingresses)
    .innerJoin(rooms, eq(rooms.id, ingresses.roomId))
    .innerJoin(organizations, eq(organizations.id, ingresses.organizationId))
    .leftJoin(calls, isCallOfRoom)
    .where(or(isUnderWay(now), isItsMinute(now)))
    .orderBy(desc(isUnderWay(now)), inTurn(ingresses.id, now))
    .limit(limit);

/** The ingresses with these ids, of any organization, as a cluster has them. */
export const selectClusterIngresses = (q: Queries, ids: readonly string[]) =>
  q
    .select({
      id: ingresses.id,
      cluster: ingresses.cluster,
      clusterIngress: ingresses.clusterIngress,
      begunAt: ingresses.begunAt,
    })
    .from(ingresses)
    .where(inArray(ingresses.id, [...ids]));

/** Which of these organizations this installation has. */
export const selectKnownOrganizations = (q: Queries, ids: readonly string[]) =>
  q
    .select({ id: organizations.id })
    .from(organizations)
    .where(inArray(organizations.id, [...ids]));
