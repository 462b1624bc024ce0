import { and, type AnyColumn, eq, isNull, or, sql } from 'drizzle-orm';
import { holdIncluded } from '../../calls/included-use/index.ts';
import { calls, isOpenCall } from '../../calls/calls/calls.tables.ts';
import { entitledToFeature, holdFeature } from '../../identity/entitlements/index.ts';
import { changeVersioned, inTurn, type Queries, type Statement } from '../../kernel/db/index.ts';
import { roomPeople, rooms } from '../../rooms/rooms/rooms.tables.ts';
import { callCaptions, type CallCaptions } from './captions.tables.ts';

const isRunning = isNull(callCaptions.endedAt);

/** Inserts captions; the commit fails when the plan does not include them, or its minutes are used up. */
export const insertCaptions = (q: Queries, row: CallCaptions): Statement[] => [
  q.insert(callCaptions).values(row),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'captions' }),
  holdIncluded(q, { organizationId: row.organizationId, now: row.createdAt }, [
    { meter: 'caption_minutes', quantity: 0 },
  ]),
];

/** The captions of the room that run. */
export const selectRunningCaptions = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select()
    .from(callCaptions)
    .where(and(eq(callCaptions.organizationId, organizationId), eq(callCaptions.roomId, roomId), isRunning));

export const selectCaptions = (q: Queries, organizationId: string, captionId: string) =>
  q
    .select()
    .from(callCaptions)
    .where(and(eq(callCaptions.organizationId, organizationId), eq(callCaptions.id, captionId)));

/** Captions with whether recordings of their room need consent now. */
export const selectCaptionsToReport = (q: Queries, organizationId: string, captionId: string) =>
  q
    .select({
      captions: callCaptions,
      isConsentNeeded: sql<boolean>`${rooms.recordingConsent} = 'required'`,
    })
    .from(callCaptions)
    .innerJoin(rooms, eq(rooms.id, callCaptions.roomId))
    .where(and(eq(callCaptions.organizationId, organizationId), eq(callCaptions.id, captionId)));

/** Whether a participant of captions was removed from the room after a moment; not, where that is null. */
const isRemovedSince = (identity: string, since: AnyColumn) =>
  sql<boolean>`exists (select from ${roomPeople} p where p.room_id = ${callCaptions.roomId}
    and p.identity = ${identity} and p.removed_at > ${since})`;

/** Captions with all that decides whether they may run. */
export const selectCaptionGround = (
  q: Queries,
  {
    organizationId,
    captionId,
    identity,
    speaker,
    now,
  }: { organizationId: string; captionId: string; identity: string; speaker: string; now: Date },
) =>
  q
    .select({
      captions: callCaptions,
      room: rooms,
      cluster: calls.cluster,
      startedAt: calls.startedAt,
      isCallOpen: sql<boolean>`(${isOpenCall}) and ${rooms.deletedAt} is null`,
      isIncluded: sql<boolean>`${entitledToFeature('captions', { organizationId, now })} = 1`,
      isRemoved: isRemovedSince(identity, callCaptions.createdAt),
      isSpeakerRemoved: isRemovedSince(speaker, callCaptions.spokenSince),
    })
    .from(callCaptions)
    .innerJoin(calls, eq(calls.id, callCaptions.callId))
    .innerJoin(rooms, eq(rooms.id, callCaptions.roomId))
    .where(and(eq(callCaptions.organizationId, organizationId), eq(callCaptions.id, captionId)));
export type CaptionGround = Awaited<ReturnType<typeof selectCaptionGround>>[number];

/** Running captions of all organizations, in no order. */
export const selectAllRunning = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: callCaptions.id, organizationId: callCaptions.organizationId })
    .from(callCaptions)
    .where(isRunning)
    .orderBy(inTurn(callCaptions.id, now))
    .limit(limit);

export const selectCaptionsOfCall = (q: Queries, organizationId: string, callId: string) =>
  q
    .select({ id: callCaptions.id })
    .from(callCaptions)
    .where(and(eq(callCaptions.organizationId, organizationId), eq(callCaptions.callId, callId), isRunning));

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeCaptions = (q: Queries, row: CallCaptions, set: Partial<CallCaptions>) =>
  changeVersioned(q, callCaptions, row, set);

/** Removes a user as the one who asked for captions, or in whose name models are asked, in all organizations. */
export const forgetPersonInCaptions = (q: Queries, userId: string) =>
  q
    .update(callCaptions)
    .set({
      requestedBy: sql`nullif(${callCaptions.requestedBy}, ${userId})`,
      askerId: sql`nullif(${callCaptions.askerId}, ${userId})`,
    })
    .where(or(eq(callCaptions.requestedBy, userId), eq(callCaptions.askerId, userId)));
