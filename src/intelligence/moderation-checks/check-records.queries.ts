import { and, desc, eq, gte, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { holdLimit } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  inTurn,
  isBefore,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { type ModerationCheck, moderationChecks } from './moderation-checks.tables.ts';

/** Stores a check, unless one that began with the same line exists. */
export const insertCheck = (q: Queries, row: ModerationCheck): Statement =>
  q.insert(moderationChecks).values(row).onConflictDoNothing();

const isOfRoom = (organizationId: string, roomId: string) =>
  and(eq(moderationChecks.organizationId, organizationId), eq(moderationChecks.roomId, roomId));

/** The given line keys that are in a check since a moment. */
export const selectKnownKeys = (
  q: Queries,
  organizationId: string,
  roomId: string,
  since: Date,
  keys: readonly string[],
) =>
  q
    .select({ key: sql<string>`line.value ->> 'key'` })
    .from(moderationChecks)
    .innerJoin(sql`jsonb_array_elements(${moderationChecks.lines}) line`, sql`true`)
    .where(
      and(
        isOfRoom(organizationId, roomId),
        gte(moderationChecks.createdAt, since),
        inArray(sql`line.value ->> 'key'`, [...keys]),
      ),
    );

/** The checks of a room for which a model may be asked now, the oldest first. */
export const selectWaiting = (q: Queries, organizationId: string, roomId: string, now: Date, limit: number) =>
  q
    .select()
    .from(moderationChecks)
    .where(and(isOfRoom(organizationId, roomId), lte(moderationChecks.askAt, now)))
    .orderBy(moderationChecks.id)
    .limit(limit);

/** When a model was last asked about a room, among checks that began since a moment. */
export const selectLastAsked = (q: Queries, organizationId: string, roomId: string, since: Date) =>
  q
    .select({ askedAt: moderationChecks.askedAt })
    .from(moderationChecks)
    .where(
      and(
        isOfRoom(organizationId, roomId),
        gte(moderationChecks.createdAt, since),
        isNotNull(moderationChecks.askedAt),
      ),
    )
    .orderBy(desc(moderationChecks.askedAt))
    .limit(1);

/** Rooms of all organizations in which lines wait for a model, in no order. */
export const selectRoomsWaiting = (q: Queries, now: Date, limit: number) =>
  q
    .select({ organizationId: moderationChecks.organizationId, id: moderationChecks.roomId })
    .from(moderationChecks)
    .where(lte(moderationChecks.askAt, now))
    .groupBy(moderationChecks.organizationId, moderationChecks.roomId)
    .orderBy(inTurn(moderationChecks.roomId, now))
    .limit(limit);

/**
 * Fails the commit of a question when checks would use more than half of the generations that the plan allows at once.
 */
export const holdHalfOfRunning = (q: Queries, organizationId: string, now: Date) =>
  holdLimit(q, {
    limit: 'running_generations',
    rows: sql`select from ${aiGenerations}, generate_series(1, 2) where ${aiGenerations.organizationId} = ${organizationId}
      and ${aiGenerations.status} = 'running' and not ${aiGenerations.ownKey}
      and ${aiGenerations.origin} ->> 'feature' = 'moderation'`,
    organizationId,
    now,
  });

/** The checks in rooms that the viewer may see, the newest first; one more than `limit`. */
export const selectChecks = (
  q: Queries,
  organizationId: string,
  viewer: string | null,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select({ check: moderationChecks })
    .from(moderationChecks)
    .innerJoin(rooms, eq(rooms.id, moderationChecks.roomId))
    .where(
      and(
        eq(moderationChecks.organizationId, organizationId),
        isNull(rooms.deletedAt),
        isShownTo(viewer),
        isBefore(moderationChecks.id, before),
      ),
    )
    .orderBy(desc(moderationChecks.id))
    .limit(limit + 1);

export const selectCheckOfGeneration = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select()
    .from(moderationChecks)
    .where(
      and(
        eq(moderationChecks.organizationId, organizationId),
        eq(moderationChecks.generationId, generationId),
      ),
    );

/** Checks that were asked before a moment and have not ended, in no order. */
export const selectQuietChecks = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(moderationChecks)
    .where(
      and(
        isNull(moderationChecks.endedAt),
        isNull(moderationChecks.askAt),
        lte(sql`coalesce(${moderationChecks.askedAt}, ${moderationChecks.createdAt})`, before.toISOString()),
      ),
    )
    .orderBy(inTurn(moderationChecks.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeCheck = (q: Queries, row: ModerationCheck, set: Partial<ModerationCheck>): Statement =>
  changeVersioned(q, moderationChecks, row, set);

/** Deletes a check whose lines were moved to another one. */
export const deleteCheck = (q: Queries, row: ModerationCheck): Statement =>
  deleteVersioned(q, moderationChecks, row);

/** Deletes checks of all organizations that began before a moment. */
export const deleteOldChecks = (q: Queries, before: Date, limit: number) =>
  q
    .delete(moderationChecks)
    .where(
      sql`${moderationChecks.id} in (select c.id from ${moderationChecks} c
        where c.created_at < ${before.toISOString()}::timestamptz order by c.created_at limit ${limit})`,
    )
    .returning({ id: moderationChecks.id });
