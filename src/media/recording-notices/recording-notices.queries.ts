import { and, eq, isNull, or } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { recordings } from '../recordings/recordings.tables.ts';

/** The person who asked for a recording and the creator of its room: active members with a confirmed address. */
export const selectPeopleConcerned = (q: Queries, organizationId: string, recordingId: string) =>
  q
    .selectDistinct({
      userId: users.id,
      name: users.name,
      email: users.email,
      roomName: rooms.name,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(recordings)
    .innerJoin(rooms, eq(rooms.id, recordings.roomId))
    .innerJoin(organizations, eq(organizations.id, recordings.organizationId))
    .innerJoin(users, or(eq(users.id, recordings.requestedBy), eq(users.id, rooms.createdBy)))
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .where(
      and(
        eq(recordings.organizationId, organizationId),
        eq(recordings.id, recordingId),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    );
