import { and, eq, isNull, or } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

/** A user who is an active member with a confirmed address; nothing for others. */
export const selectMemberToMail = (q: Queries, organizationId: string, userId: string) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(users)
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(users.id, userId),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    );

/** The person who asked for what failed in a room, and the creator of the room: active members with a confirmed address. */
export const selectPeopleConcerned = (
  q: Queries,
  organizationId: string,
  { roomId, requestedBy }: { roomId: string; requestedBy: string },
) =>
  q
    .selectDistinct({
      userId: users.id,
      name: users.name,
      email: users.email,
      roomName: rooms.name,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(rooms)
    .innerJoin(organizations, eq(organizations.id, rooms.organizationId))
    .innerJoin(users, or(eq(users.id, requestedBy), eq(users.id, rooms.createdBy)))
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .where(
      and(
        eq(rooms.organizationId, organizationId),
        eq(rooms.id, roomId),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    );
