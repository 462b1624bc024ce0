import { and, desc, eq, inArray, isNull, lte, sql } from 'drizzle-orm';
import { changeVersioned, inTurn, isBefore, type Queries, type Statement } from '../../kernel/db/index.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { type ModerationCheck, moderationChecks } from './moderation-checks.tables.ts';

export const insertCheck = (q: Queries, row: ModerationCheck): Statement =>
  q.insert(moderationChecks).values(row);

/** Of these names of first lines, those that were asked about. */
export const selectAskedKeys = (
  q: Queries,
  organizationId: string,
  roomId: string,
  subjectKeys: readonly string[],
) =>
  q
    .select({ subjectKey: moderationChecks.subjectKey })
    .from(moderationChecks)
    .where(
      and(
        eq(moderationChecks.organizationId, organizationId),
        eq(moderationChecks.roomId, roomId),
        inArray(moderationChecks.subjectKey, [...subjectKeys]),
      ),
    );

/** The checks in rooms that show to the viewer, the newest first; one more than `limit`. */
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

/** Checks that have not ended since a moment, in no order. */
export const selectQuietChecks = (q: Queries, before: Date, limit: number) =>
  q
    .select()
    .from(moderationChecks)
    .where(and(isNull(moderationChecks.endedAt), lte(moderationChecks.createdAt, before)))
    .orderBy(inTurn(moderationChecks.id, before))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeCheck = (q: Queries, row: ModerationCheck, set: Partial<ModerationCheck>): Statement =>
  changeVersioned(q, moderationChecks, row, set);

/** Deletes checks of all organizations that began before a moment. */
export const deleteOldChecks = (q: Queries, before: Date, limit: number) =>
  q
    .delete(moderationChecks)
    .where(
      sql`${moderationChecks.id} in (select c.id from ${moderationChecks} c
        where c.created_at < ${before.toISOString()}::timestamptz order by c.created_at limit ${limit})`,
    )
    .returning({ id: moderationChecks.id });
