import { and, eq, gte, lt, notInArray, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { inTurn, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { isOver } from './phone-calls.rules.ts';
import { type PhoneCall, phoneCalls } from './phone-calls.tables.ts';

const isOpen = notInArray(phoneCalls.state, ['ended', 'failed']);

const idsOfOpenIncoming = (q: Queries, organizationId: string, condition: SQL) =>
  q
    .select({ id: phoneCalls.id, organizationId: phoneCalls.organizationId })
    .from(phoneCalls)
    .where(
      and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.direction, 'in'), isOpen, condition),
    );

/** Telephone calls that came in by a number; after it was deleted, those without a number. */
export const selectOpenOfNumber = (q: Queries, organizationId: string, phoneNumberId: string) =>
  idsOfOpenIncoming(
    q,
    organizationId,
    sql`coalesce(${phoneCalls.phoneNumberId}, ${phoneNumberId}) = ${phoneNumberId}`,
  );

/** The telephone calls of somebody who called in, in one call or in all of them. */
export const selectOpenOfCaller = (
  q: Queries,
  organizationId: string,
  identity: string,
  callId: string | null,
) =>
  idsOfOpenIncoming(
    q,
    organizationId,
    and(
      eq(phoneCalls.callerIdentity, identity),
      callId === null ? undefined : eq(phoneCalls.callId, callId),
    )!,
  );

/** Such commits of a caller wait for each other, so that two runs record a telephone call once. */
export const insertIncomingCall = (q: Queries, row: PhoneCall): Statement[] => {
  const key = `phone_calls ${row.callId} ${row.callerIdentity}`;
  const { organizationId, callId, callerIdentity, connectionSid } = row;
  const isSame = isOver(row) ? eq(phoneCalls.connectionSid, connectionSid!) : isOpen;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`),
    q.insert(phoneCalls).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${phoneCalls} where ${and(
        eq(phoneCalls.organizationId, organizationId),
        eq(phoneCalls.callId, callId),
        eq(phoneCalls.callerIdentity, callerIdentity!),
        isSame,
      )}) <= 1`,
      requestErrors.stale,
    ),
  ];
};

const idsOfOpen = (q: Queries, condition: SQL) =>
  q
    .select({ id: phoneCalls.id, organizationId: phoneCalls.organizationId })
    .from(phoneCalls)
    .where(and(isOpen, condition));

export const selectOpenOfCall = (q: Queries, callId: string) => idsOfOpen(q, eq(phoneCalls.callId, callId));
export const selectOpenOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  idsOfOpen(q, and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.roomId, roomId))!);
/** Running telephone calls that were answered in a period. */
export const selectRunningAnsweredIn = (
  q: Queries,
  organizationId: string,
  { from, to }: { from: Date; to: Date },
) =>
  q
    .select()
    .from(phoneCalls)
    .where(
      and(
        eq(phoneCalls.organizationId, organizationId),
        eq(phoneCalls.state, 'active'),
        gte(phoneCalls.answeredAt, from),
        lt(phoneCalls.answeredAt, to),
      ),
    );
/** Running telephone calls through a trunk; after it was deleted, those without a trunk. */
export const selectOpenOfTrunk = (q: Queries, organizationId: string, phoneTrunkId: string) =>
  idsOfOpen(
    q,
    and(
      eq(phoneCalls.organizationId, organizationId),
      eq(phoneCalls.direction, 'out'),
      sql`coalesce(${phoneCalls.phoneTrunkId}, ${phoneTrunkId}) = ${phoneTrunkId}`,
    )!,
  );

/** Open telephone calls of all organizations for a sweep, each in its turn. */
export const selectPhoneCallsToSweep = (q: Queries, now: Date, limit: number) =>
  idsOfOpen(q, sql`true`)
    .orderBy(inTurn(phoneCalls.id, now))
    .limit(limit);
