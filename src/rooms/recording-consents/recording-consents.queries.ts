import { and, desc, eq, isNull, notInArray, type SQL, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { isBefore, mustChange, type Queries } from '../../kernel/db/index.ts';
import {
  type AnnouncedRecording,
  announcedRecordings,
  type RecordingConsent,
  recordingConsents,
} from './recording-consents.tables.ts';

/** The condition that the consent of an identity is missing in a call: `lacks-recording-consent.sql`. */
export const lacksRecordingConsent = (
  callId: PgColumn,
  identity: PgColumn | string,
  { onlyAgreed }: { onlyAgreed: boolean },
): SQL<boolean> => sql<boolean>`lacks_recording_consent(${callId}, ${identity}, ${onlyAgreed})`;

/** The recordings of a call that an identity has to know, for a select; also for a left join of the call. */
export const recordingColumns = (callId: PgColumn, identity: string) => ({
  lacksRecordingConsent: lacksRecordingConsent(callId, identity, { onlyAgreed: false }),
  /** When the running or pending recording was requested; null when there is none. */
  recordingRequestedAt: sql<string | null>`(
    select to_json(min(a.created_at)) from ${announcedRecordings} a where a.call_id = ${callId})`,
});

interface ConsentColumns {
  callId: PgColumn;
  consentDueAt: PgColumn;
  createdAt: PgColumn;
}

/**
 * The condition that a participant is in the call and is recorded: connected, or with a token that still connects them, and neither
 * an agent nor an observer.
 */
const isRecorded = (p: typeof callParticipants, now: Date): SQL<boolean> =>
  sql<boolean>`(${notInArray(p.role, [...UNCOUNTED_ROLES])}
    and (${p.status} = 'connected' or (coalesce(${p.seatUntil} > ${now.toISOString()}::timestamptz, false)
      and (${p.leftAt} is null or ${p.seatSince} > ${p.leftAt}))))`;

/**
 * The consents of the people in a call to a recording of it, for a select; none is missing or refused for a recording
 * that needs no consent.
 */
export const consentColumns = ({ callId, consentDueAt, createdAt }: ConsentColumns, now: Date) => {
  const p = callParticipants;
  return {
    isConsentRefused: sql<boolean>`(${consentDueAt} is not null and exists (
      select from ${recordingConsents} c
      where c.call_id = ${callId} and c.withdrawn_at > ${createdAt} and not exists (
        select from ${recordingConsents} held
        where held.call_id = c.call_id and held.identity = c.identity and held.withdrawn_at is null)))`,
    isConsentMissing: sql<boolean>`(${consentDueAt} is not null and exists (
      select from ${p}
      where ${p.callId} = ${callId} and ${isRecorded(p, now)}
        and ${lacksRecordingConsent(p.callId, p.identity, { onlyAgreed: false })}))`,
  };
};

/** Makes a recording known to those who join, from the commit on that asks for it. */
export const announceRecording = (q: Queries, row: AnnouncedRecording) =>
  q.insert(announcedRecordings).values(row);

const isAnnounced = (organizationId: string, recordingId: string) =>
  and(
    eq(announcedRecordings.organizationId, organizationId),
    eq(announcedRecordings.recordingId, recordingId),
  );

/** Notes that everybody in the call has agreed: it begins, and people without consent are kept out. */
export const markAnnouncementAgreed = (
  q: Queries,
  organizationId: string,
  recordingId: string,
  agreedAt: Date,
) => q.update(announcedRecordings).set({ agreedAt }).where(isAnnounced(organizationId, recordingId));

/** Ends a recording that `announceRecording` began. */
export const deleteAnnouncement = (q: Queries, organizationId: string, recordingId: string) =>
  q.delete(announcedRecordings).where(isAnnounced(organizationId, recordingId));

/**
 * The last answer of an identity in the open call of a room, and whether a recording requires consent and records them.
 */
export const selectOwnConsent = (
  q: Queries,
  organizationId: string,
  { roomId, identity, now }: { roomId: string; identity: string; now: Date },
) =>
  q
    .select({
      consent: recordingConsents,
      callId: callParticipants.callId,
      isRecorded: isRecorded(callParticipants, now),
      isAsked: sql<boolean>`exists (select from ${announcedRecordings} a
        where a.call_id = ${callParticipants.callId} and a.consent_required)`,
    })
    .from(callParticipants)
    .leftJoin(
      recordingConsents,
      and(
        eq(recordingConsents.callId, callParticipants.callId),
        eq(recordingConsents.identity, callParticipants.identity),
      ),
    )
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.identity, identity),
        sql`${callParticipants.callId} in (
          select c.id from calls c where c.room_id = ${roomId} and c.status in ('waiting', 'active'))`,
      ),
    )
    .orderBy(sql`${recordingConsents.id} desc nulls last`)
    .limit(1);

export const insertConsent = (q: Queries, row: RecordingConsent) => q.insert(recordingConsents).values(row);

/** Withdraws a consent that holds; otherwise the commit fails with `request.stale`. */
export const withdrawConsent = (q: Queries, { organizationId, id }: RecordingConsent, at: Date) =>
  mustChange(
    q,
    q
      .update(recordingConsents)
      .set({ withdrawnAt: at })
      .where(
        and(
          eq(recordingConsents.organizationId, organizationId),
          eq(recordingConsents.id, id),
          isNull(recordingConsents.withdrawnAt),
        ),
      )
      .returning({ id: recordingConsents.id }),
    requestErrors.stale,
  );

export const selectConsent = (q: Queries, organizationId: string, consentId: string) =>
  q
    .select()
    .from(recordingConsents)
    .where(and(eq(recordingConsents.organizationId, organizationId), eq(recordingConsents.id, consentId)));

/** The condition that a guest has or had a seat in the call of a consent. */
const tookPart = (guest: string) => sql`exists (select from ${callParticipants} seat
  where seat.call_id = ${recordingConsents.callId} and seat.identity = ${guest})`;

/**
 * The consents of a room's calls, or of one of them, newest first, each with the name of its person in the call.
 * @param guest selects only calls in which this guest has or had a seat
 */
export const selectConsents = (
  q: Queries,
  organizationId: string,
  roomId: string,
  {
    callId,
    guest,
    before,
    limit,
  }: { callId: string | undefined; guest: string | null; before: string | undefined; limit: number },
) =>
  q
    .select({ consent: recordingConsents, name: callParticipants.name })
    .from(recordingConsents)
    .leftJoin(
      callParticipants,
      and(
        eq(callParticipants.callId, recordingConsents.callId),
        eq(callParticipants.identity, recordingConsents.identity),
      ),
    )
    .where(
      and(
        eq(recordingConsents.organizationId, organizationId),
        eq(recordingConsents.roomId, roomId),
        callId === undefined ? undefined : eq(recordingConsents.callId, callId),
        guest === null ? undefined : tookPart(guest),
        isBefore(recordingConsents.id, before),
      ),
    )
    .orderBy(desc(recordingConsents.id))
    .limit(limit + 1);
