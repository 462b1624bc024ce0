import { and, asc, eq, gt, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { releaseSeat, type Seat, takeSeat } from '../../calls/calls/index.ts';
import { holdIncluded } from '../../calls/included-use/index.ts';
import { holdMinutes } from '../../calls/minutes/index.ts';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { changeVersioned, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { agents, agentVersions } from '../agents/agents.tables.ts';
import type { CallAgentReason } from './call-agents.enums.ts';
import { callAgentErrors } from './call-agents.errors.ts';
import type { CallAgentGround } from './call-agents.rules.ts';
import { type CallAgent, callAgents } from './call-agents.tables.ts';

const MOST_IN_CALLS = 10;

/** Inserts an agent into a call, with a seat in the ledger. Commits of an organization wait for each other. */
export const insertCallAgent = (q: Queries, row: CallAgent, seat: Seat): Statement[] => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`call agents ${row.organizationId}`}, 0))`),
  holdMinutes(q, {
    organizationId: row.organizationId,
    callId: row.callId,
    identity: row.id,
    now: row.createdAt,
  }),
  takeSeat(q, seat, null),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'speech' }),
  holdIncluded(q, { organizationId: row.organizationId, now: row.createdAt }, [
    { meter: 'recognized_minutes', quantity: 1 },
    { meter: 'spoken_characters', quantity: 1 },
  ]),
  q.insert(callAgents).values(row),
  mustHold(
    q,
    sql`(select count(*) from ${callAgents} where ${callAgents.organizationId} = ${row.organizationId}
      and ${callAgents.state} <> 'ended') <= ${MOST_IN_CALLS}`,
    callAgentErrors.tooMany,
  ),
];

export const selectCallAgents = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ callAgent: callAgents })
    .from(callAgents)
    .innerJoin(calls, and(eq(calls.id, callAgents.callId), eq(calls.status, 'active')))
    .where(
      and(
        eq(callAgents.organizationId, organizationId),
        eq(callAgents.roomId, roomId),
        ne(callAgents.state, 'ended'),
      ),
    )
    .orderBy(asc(callAgents.id));

export const selectCallAgent = (q: Queries, organizationId: string, roomId: string, callAgentId: string) =>
  q
    .select()
    .from(callAgents)
    .where(
      and(
        eq(callAgents.organizationId, organizationId),
        eq(callAgents.roomId, roomId),
        eq(callAgents.id, callAgentId),
      ),
    );

export const changeCallAgent = (q: Queries, row: CallAgent, set: Partial<CallAgent>): Statement =>
  changeVersioned(q, callAgents, row, set);

const isInviter = and(
  eq(members.organizationId, callAgents.organizationId),
  eq(members.userId, callAgents.userId),
  eq(members.status, 'active'),
);

const withGround = (q: Queries) =>
  q
    .select({
      row: callAgents,
      role: members.role,
      voice: sql<string | null>`${agentVersions.definition} ->> 'voice'`,
      seesScreens: sql<boolean>`${callAgents.seesScreens}
        and coalesce((${agentVersions.definition} ->> 'seesScreens')::boolean, false)`,
      room: {
        organizationId: rooms.organizationId,
        id: rooms.id,
        type: rooms.type,
        features: rooms.features,
        emptyTimeoutSeconds: rooms.emptyTimeoutSeconds,
        departureTimeoutSeconds: rooms.departureTimeoutSeconds,
      },
      ground: {
        isCallActive: sql<boolean>`${calls.status} = 'active'`,
        isAgentEnabled: sql<boolean>`${agents.enabled}`,
        isInviterActive: sql<boolean>`${members.userId} is not null and ${organizations.deletedAt} is null`,
        isRemoved: sql<boolean>`exists (select from ${roomPeople} where ${roomPeople.roomId} = ${callAgents.roomId}
          and ${roomPeople.identity} = ${callAgents.id} and ${roomPeople.removedAt} is not null)`,
        needsConsent: sql<boolean>`${rooms.recordingConsent} = 'required'`,
      } satisfies Record<keyof CallAgentGround, unknown>,
    })
    .from(callAgents)
    .innerJoin(calls, eq(calls.id, callAgents.callId))
    .innerJoin(rooms, eq(rooms.id, callAgents.roomId))
    .innerJoin(agents, eq(agents.id, callAgents.agentId))
    .innerJoin(
      agentVersions,
      and(eq(agentVersions.agentId, agents.id), eq(agentVersions.number, agents.activeVersion)),
    )
    .innerJoin(organizations, eq(organizations.id, callAgents.organizationId))
    .leftJoin(members, isInviter);

/** Agents of all organizations: those that the process has, then those that no process has. */
export const selectToPoll = (q: Queries, worker: string, now: Date, limit: number) =>
  withGround(q)
    .where(
      and(
        ne(callAgents.state, 'ended'),
        or(eq(callAgents.worker, worker), isNull(callAgents.leaseUntil), lt(callAgents.leaseUntil, now)),
      ),
    )
    .orderBy(sql`${callAgents.worker} = ${worker} desc nulls last`, asc(callAgents.id))
    .limit(limit);
export type CallAgentToPoll = Awaited<ReturnType<typeof selectToPoll>>[number];

/** An agent that a process has now. */
export const selectHeld = (q: Queries, worker: string, callAgentId: string, now: Date) =>
  withGround(q).where(
    and(
      eq(callAgents.id, callAgentId),
      eq(callAgents.state, 'active'),
      eq(callAgents.worker, worker),
      gt(callAgents.leaseUntil, now),
    ),
  );

/** Ends the time of an agent in its call, and its seat. */
export const endCallAgent = (q: Queries, row: CallAgent, reason: CallAgentReason, now: Date): Statement[] => [
  changeCallAgent(q, row, { state: 'ended', reason, worker: null, leaseUntil: null, updatedAt: now }),
  releaseSeat(q, { id: row.participantId, organizationId: row.organizationId }, now),
];

/** The seat of a participant who is connected to the call of an agent. */
export const selectSeatOf = (q: Queries, callAgentId: string, identity: string) =>
  q
    .select({ role: callParticipants.role })
    .from(callParticipants)
    .innerJoin(
      callAgents,
      and(eq(callAgents.callId, callParticipants.callId), eq(callAgents.id, callAgentId)),
    )
    .where(and(eq(callParticipants.identity, identity), eq(callParticipants.status, 'connected')));

/** The name of a participant who is connected to the call of an agent, and not removed from its room. */
export const selectSharer = (q: Queries, callAgentId: string, identity: string) =>
  q
    .select({ name: callParticipants.name })
    .from(callParticipants)
    .innerJoin(
      callAgents,
      and(eq(callAgents.callId, callParticipants.callId), eq(callAgents.id, callAgentId)),
    )
    .where(
      and(
        eq(callParticipants.identity, identity),
        eq(callParticipants.status, 'connected'),
        sql`not exists (select from ${roomPeople} where ${roomPeople.roomId} = ${callAgents.roomId}
          and ${roomPeople.identity} = ${callParticipants.identity} and ${roomPeople.removedAt} is not null)`,
      ),
    );
