import { and, desc, eq, gt, inArray, isNotNull, notInArray, type SQL, sql } from 'drizzle-orm';
import { releaseSeat } from '../../calls/calls/index.ts';
import { callConnections, calls } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import {
  changeVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { phoneNumbers } from '../phone-numbers/phone-numbers.tables.ts';
import { phoneTrunks } from '../phone-trunks/phone-trunks.tables.ts';
import { phoneCallErrors } from './phone-calls.errors.ts';
import { isOver, type PhoneCallChange, type PhoneCallGround } from './phone-calls.rules.ts';
import { type PhoneCall, phoneCalls } from './phone-calls.tables.ts';

/** Telephone calls of an organization at once, and in an hour: what a stolen session can cost is bounded. */
export const MOST_AT_ONCE = 10;
export const MOST_IN_HOUR = 100;
const HOUR_MS = 3_600_000;

const isOpen = notInArray(phoneCalls.state, ['ended', 'failed']);
const countCalls = (organizationId: string, condition: SQL): SQL =>
  sql`(select count(*) from ${phoneCalls} where ${eq(phoneCalls.organizationId, organizationId)} and ${condition})`;

/** Inserts a telephone call, as far as the plan and the limits of the organization allow. Such commits of an organization wait for each other. */
export const insertPhoneCall = (q: Queries, row: PhoneCall): Statement[] => {
  const { organizationId, roomId, number, createdAt: now } = row;
  const isOut = eq(phoneCalls.direction, 'out');
  const inHour = and(isOut, gt(phoneCalls.createdAt, new Date(now.getTime() - HOUR_MS)))!;
  const isSame = and(isOut, eq(phoneCalls.roomId, roomId), eq(phoneCalls.number, number), isOpen)!;
  return [
    q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`phone_calls ${organizationId}`}, 0))`),
    q.insert(phoneCalls).values(row),
    mustHold(q, sql`${countCalls(organizationId, isSame)} <= 1`, phoneCallErrors.alreadyCalled),
    mustHold(
      q,
      sql`${countCalls(organizationId, and(isOut, isOpen)!)} <= ${MOST_AT_ONCE}`,
      phoneCallErrors.tooMany,
    ),
    mustHold(q, sql`${countCalls(organizationId, inHour)} <= ${MOST_IN_HOUR}`, phoneCallErrors.tooManyInHour),
    holdFeature(q, { organizationId, now, feature: 'telephony' }),
  ];
};

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. One that is over gives its seat back. */
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

export const selectPhoneCall = (q: Queries, organizationId: string, roomId: string, phoneCallId: string) =>
  q
    .select()
    .from(phoneCalls)
    .where(and(isInRoom(organizationId, roomId), eq(phoneCalls.id, phoneCallId)));

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

/** What is needed to take a telephone call further. */
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
      isCallActive: sql<boolean>`${calls.status} = 'active'`,
      isNumberOpen: sql<boolean>`coalesce(${phoneNumbers.enabled}, false)`,
      isRemoved: sql<boolean>`${roomPeople.removedAt} is not null`,
      connection: {
        sid: callConnections.sid,
        leaveReason: callConnections.leaveReason,
        leftAt: callConnections.leftAt,
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

const idsOfOpen = (q: Queries, condition: SQL) =>
  q
    .select({ id: phoneCalls.id, organizationId: phoneCalls.organizationId })
    .from(phoneCalls)
    .where(and(isOpen, condition));

export const selectOpenOfCall = (q: Queries, callId: string) => idsOfOpen(q, eq(phoneCalls.callId, callId));
export const selectOpenOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  idsOfOpen(q, isInRoom(organizationId, roomId)!);
/** Those that run through a trunk; of one that was deleted those without a trunk. */
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

/** Telephone calls with the participants of connections. */
export const selectByIdentities = (q: Queries, organizationId: string, ids: readonly string[]) =>
  q
    .select()
    .from(phoneCalls)
    .where(and(eq(phoneCalls.organizationId, organizationId), inArray(phoneCalls.id, [...ids])));
