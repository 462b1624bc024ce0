import { and, eq, isNull, or } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { streams } from '../streams/streams.tables.ts';

/** The person who asked for a stream and the creator of its room: active members with a confirmed address. */
export const selectPeopleConcerned = (q: Queries, organizationId: string, streamId: string) =>
  q
    .selectDistinct({
      userId: users.id,
      name: users.name,
      email: users.email,
      roomName: rooms.name,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(streams)
    .innerJoin(rooms, eq(rooms.id, streams.roomId))
    .innerJoin(organizations, eq(organizations.id, streams.organizationId))
    .innerJoin(users, or(eq(users.id, streams.requestedBy), eq(users.id, rooms.createdBy)))
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .where(
      and(
        eq(streams.organizationId, organizationId),
        eq(streams.id, streamId),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    );
