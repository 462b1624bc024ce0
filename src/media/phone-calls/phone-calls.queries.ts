import { and, desc, eq, gt, isNotNull, notInArray, type SQL, sql } from 'drizzle-orm';
import { releaseSeat } from '../../calls/calls/index.ts';
import { callConnections, calls } from '../../calls/calls/calls.tables.ts';
import {
  entitledToFeature,
  entitlementErrors,
  holdFeature,
  holdLimit,
  includedTerms,
} from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { changeVersioned, isBefore, mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { phoneNumbers } from '../phone-numbers/phone-numbers.tables.ts';
import { phoneTrunks } from '../phone-trunks/phone-trunks.tables.ts';
import { phoneCallErrors } from './phone-calls.errors.ts';
import { isOver, type PhoneCallChange, type PhoneCallGround } from './phone-calls.rules.ts';
import { type PhoneCall, phoneCalls } from './phone-calls.tables.ts';

const isOpen = notInArray(phoneCalls.state, ['ended', 'failed']);
const HOUR_MS = 3_600_000;

const isCalledBy = (organizationId: string) =>
  and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.direction, 'out'))!;

/** Condition: a telephone that the organization has called and that has not hung up. */
export const runningPhoneCalls = (organizationId: string): SQL =>
  sql`select from ${phoneCalls} where ${and(isCalledBy(organizationId), isOpen)}`;

/** Condition: a telephone that was called in the last hour; a transfer calls one, too. */
export function hourlyPhoneCalls(organizationId: string, now: Date): SQL {
  const since = new Date(now.getTime() - HOUR_MS);
  const isTransferred = and(
    eq(phoneCalls.organizationId, organizationId),
    gt(phoneCalls.transferredAt, since),
  );
  return sql`select from ${phoneCalls} where ${and(isCalledBy(organizationId), gt(phoneCalls.createdAt, since))}
    union all select from ${phoneCalls}, generate_series(1, ${phoneCalls.transfers}) where ${isTransferred}`;
}

/** Fails a commit that has one more telephone called in an hour than the plan allows. */
export const holdHourly = (q: Queries, organizationId: string, now: Date): Statement[] =>
  holdLimit(q, {
    limit: 'hourly_phone_calls',
    rows: hourlyPhoneCalls(organizationId, now),
    organizationId,
    now,
  });

/** Fails the commit with `billing.limit_reached` when the telephone minutes of the plan are used up, or the spending limit is spent. */
export const holdPhoneMinutes = (q: Queries, organizationId: string, now: Date): Statement =>
  q.execute(sql`select hold_phone_minutes(${entitlementErrors.limitReached.definition.code}, ${organizationId},
    ${includedTerms('phone_minutes')}::jsonb, ${now.toISOString()}::timestamptz)`);

/** Whether it is refused at the moment, as an expression. */
const arePhoneMinutesUsedUp = (organizationId: string, now: Date): SQL<boolean> =>
  sql<boolean>`phone_minutes_used_up(${organizationId}, ${includedTerms('phone_minutes')}::jsonb, ${now.toISOString()}::timestamptz)`;

/** Inserts a telephone call, if the plan of the organization allows it. Such commits of an organization wait for each other. */
export const insertPhoneCall = (q: Queries, row: PhoneCall): Statement[] => {
  const { organizationId, roomId, number, createdAt: now } = row;
  const isSame = and(eq(phoneCalls.roomId, roomId), eq(phoneCalls.number, number));
  return [
    q.insert(phoneCalls).values(row),
    ...holdLimit(q, {
      limit: 'running_phone_calls',
      rows: runningPhoneCalls(organizationId),
      organizationId,
      now,
    }),
    mustHold(
      q,
      sql`(select count(*) from (${runningPhoneCalls(organizationId)} and ${isSame}) same) <= 1`,
      phoneCallErrors.alreadyCalled,
    ),
    ...holdHourly(q, organizationId, now),
    holdPhoneMinutes(q, organizationId, now),
    holdFeature(q, { organizationId, now, feature: 'telephony' }),
  ];
};

/**
 * Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. A call
 * that is over gives its seat back.
 */
export function changePhoneCall(q: Queries, row: PhoneCall, set: PhoneCallChange, now: Date): Statement[] {
  const { organizationId, participantId } = row;
  const isEnd = !isOver(row) && isOver({ ...row, ...set });
  return [
    changeVersioned(q, phoneCalls, row, { ...set, updatedAt: now }),
    ...(isEnd ? [releaseSeat(q, { id: participantId, organizationId }, now)] : []),
  ];
}

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.roomId, roomId));

/** @param roomId null: in any room */
export const selectPhoneCall = (
  q: Queries,
  organizationId: string,
  roomId: string | null,
  phoneCallId: string,
) =>
  q
    .select()
    .from(phoneCalls)
    .where(
      and(
        eq(phoneCalls.organizationId, organizationId),
        roomId === null ? undefined : eq(phoneCalls.roomId, roomId),
        eq(phoneCalls.id, phoneCallId),
      ),
    );

/** The telephone calls of a room, newest first. */
export const selectPhoneCalls = (
  q: Queries,
  organizationId: string,
  roomId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(phoneCalls)
    .where(and(isInRoom(organizationId, roomId), isBefore(phoneCalls.id, before)))
    .orderBy(desc(phoneCalls.id))
    .limit(limit + 1);

const isPersonOfCall = and(
  eq(roomPeople.roomId, phoneCalls.roomId),
  sql`${roomPeople.identity} = coalesce(${phoneCalls.callerIdentity}, ${phoneCalls.id})`,
  isNotNull(roomPeople.removedAt),
);

/** Whether a moderator removed a number from the room, which has not been readmitted. */
export const selectRemovedNumber = (q: Queries, organizationId: string, roomId: string, number: string) =>
  q
    .select({ id: phoneCalls.id })
    .from(phoneCalls)
    .innerJoin(roomPeople, isPersonOfCall)
    .where(
      and(isInRoom(organizationId, roomId), eq(phoneCalls.direction, 'out'), eq(phoneCalls.number, number)),
    )
    .limit(1);

/** What decides the next step of a telephone call. */
export interface PhoneCallToAdvance extends PhoneCallGround {
  row: PhoneCall;
}

export const selectPhoneCallToAdvance = (
  q: Queries,
  organizationId: string,
  phoneCallId: string,
  now: Date,
) =>
  q
    .select({
      row: phoneCalls,
      trunk: phoneTrunks,
      isOrganizationDeleted: sql<boolean>`${organizations.deletedAt} is not null`,
      isRoomDeleted: sql<boolean>`${rooms.deletedAt} is not null`,
      isIncluded: sql<boolean>`${entitledToFeature('telephony', { organizationId, now })} = 1`,
      areMinutesUsedUp: arePhoneMinutesUsedUp(organizationId, now),
      isCallActive: sql<boolean>`${calls.status} = 'active'`,
      isNumberOpen: sql<boolean>`coalesce(${phoneNumbers.enabled}, false)`,
      isRemoved: sql<boolean>`${roomPeople.removedAt} is not null`,
      connection: {
        sid: callConnections.sid,
        leaveReason: callConnections.leaveReason,
        leftAt: callConnections.leftAt,
        left: callConnections.left,
      },
    })
    .from(phoneCalls)
    .innerJoin(organizations, eq(organizations.id, phoneCalls.organizationId))
    .innerJoin(rooms, eq(rooms.id, phoneCalls.roomId))
    .innerJoin(calls, eq(calls.id, phoneCalls.callId))
    .leftJoin(phoneTrunks, eq(phoneTrunks.id, phoneCalls.phoneTrunkId))
    .leftJoin(phoneNumbers, eq(phoneNumbers.id, phoneCalls.phoneNumberId))
    .leftJoin(roomPeople, isPersonOfCall)
    .leftJoin(callConnections, eq(callConnections.participantId, phoneCalls.participantId))
    .where(and(eq(phoneCalls.organizationId, organizationId), eq(phoneCalls.id, phoneCallId)))
    .orderBy(desc(callConnections.joinedAt))
    .limit(1);
