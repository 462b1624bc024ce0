import { and, asc, eq, isNotNull, isNull } from 'drizzle-orm';
import { callParticipants } from '../../calls/calls/calls.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';

const MOST_RECIPIENTS = 100;

/** Active members who were in the call and have a confirmed address, at most 100. */
export const selectMembersInCall = (q: Queries, organizationId: string, callId: string) =>
  q
    .select({ userId: users.id, email: users.email })
    .from(callParticipants)
    .innerJoin(users, eq(users.id, callParticipants.userId))
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .where(
      and(
        eq(callParticipants.organizationId, organizationId),
        eq(callParticipants.callId, callId),
        isNotNull(callParticipants.joinedAt),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
      ),
    )
    .orderBy(asc(callParticipants.joinedAt), asc(callParticipants.id))
    .limit(MOST_RECIPIENTS);

/** What a mail about a call in the room depends on. */
export const selectMailGround = (q: Queries, organizationId: string, roomId: string) =>
  q
    .select({ roomName: rooms.name, plan: organizations.plan })
    .from(rooms)
    .innerJoin(organizations, eq(organizations.id, rooms.organizationId))
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId), isNull(rooms.deletedAt)));
