import { and, eq, notInArray, type SQL, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
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

/** The telephone calls that came in by a number; of one that was deleted those without a number. */
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
