import { and, eq, isNull, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

/** The facts that a mail about a call in the room depends on. */
export const selectMailGround = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({
      roomName: rooms.name,
      plan: organizations.plan,
      isPrivate: sql<boolean>`${rooms.direct} or ${rooms.parentRoomId} is not null`,
    })
    .from(rooms)
    .innerJoin(organizations, eq(organizations.id, rooms.organizationId))
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId), isNull(rooms.deletedAt)));
