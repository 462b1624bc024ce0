import { type SQL, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { rooms } from './rooms.tables.ts';

/**
 * Whether a room shows to a user, as a condition. All rooms do but direct ones, which show to the two they were made for
 * and to those who had a seat in one of their calls; not to somebody who only waits there through a link. Somebody who blocks
 * another person of a direct room sees it only while they are in its call.
 * Joining asks for less: somebody who was rung into a direct room may ask to join it (`room_door`, in `rooms/admission`).
 * @param viewer the user; null for actors who see all rooms
 */
export function visibleTo(viewer: string | null): SQL | undefined {
  if (viewer === null) return undefined;
  const isBlocking = sql`exists (select from contacts b where b.organization_id = ${rooms.organizationId}
    and b.user_id = ${viewer} and b.blocked_at is not null and (b.contact_user_id = ${rooms.createdBy}
      or b.contact_user_id in (select o.user_id from room_people o where o.room_id = ${rooms.id})))`;
  const wasInCall = sql`exists (select from calls c join call_participants p on p.call_id = c.id
    where c.room_id = ${rooms.id} and p.identity = ${viewer}
      and (c.status in ('waiting', 'active') or not ${isBlocking}))`;
  const isIntendedFor = sql`(${rooms.createdBy} = ${viewer} or exists (select from room_people o
    where o.room_id = ${rooms.id} and o.identity = ${viewer}
      and (o.role is not null or o.link_id is null))) and not ${isBlocking}`;
  return sql`(not ${rooms.direct} or ${wasInCall} or ${isIntendedFor})`;
}

/** Whether the room's organization is active, as a condition: nobody enters a room of a deleted organization. */
export const isInActiveOrganization: SQL = sql`exists (select from ${organizations}
  where ${organizations.id} = ${rooms.organizationId} and ${organizations.deletedAt} is null)`;
