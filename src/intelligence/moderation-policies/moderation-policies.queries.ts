import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { changeVersioned, deleteVersioned, type Queries, type Statement } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { type ModerationPolicy, moderationPolicies } from './moderation-policies.tables.ts';

export const selectPolicy = (q: Queries, organizationId: string, roomId: string | null) =>
  q
    .select()
    .from(moderationPolicies)
    .where(
      and(
        eq(moderationPolicies.organizationId, organizationId),
        roomId === null ? isNull(moderationPolicies.roomId) : eq(moderationPolicies.roomId, roomId),
      ),
    );

const mayApply = (organizationId: string, roomId: string) =>
  and(
    eq(moderationPolicies.organizationId, organizationId),
    or(
      isNull(moderationPolicies.roomId),
      eq(moderationPolicies.roomId, roomId),
      sql`${moderationPolicies.roomId} = (select ${rooms.parentRoomId} from ${rooms} where ${rooms.id} = ${roomId}
        and ${rooms.organizationId} = ${organizationId})`,
    ),
  );
const closestFirst = (roomId: string) =>
  sql`case when ${moderationPolicies.roomId} = ${roomId} then 0 when ${moderationPolicies.roomId} is not null then 1 else 2 end`;

/**
 * The policies that may apply in a room, in this order: its own, that of the room whose breakout room it is, and the
 * organization's.
 */
export const selectPoliciesOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  q.select().from(moderationPolicies).where(mayApply(organizationId, roomId)).orderBy(closestFirst(roomId));

/** The versions of those policies, in the same order. */
export const selectVersionsOfRoom = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ id: moderationPolicies.id, version: moderationPolicies.version })
    .from(moderationPolicies)
    .where(mayApply(organizationId, roomId))
    .orderBy(closestFirst(roomId));

export const insertPolicy = (q: Queries, row: ModerationPolicy): Statement =>
  q.insert(moderationPolicies).values(row);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changePolicy = (q: Queries, row: ModerationPolicy, set: Partial<ModerationPolicy>): Statement =>
  changeVersioned(q, moderationPolicies, row, set);

export const deletePolicyRow = (q: Queries, row: ModerationPolicy): Statement =>
  deleteVersioned(q, moderationPolicies, row);
