import { permissionsOfRole } from '../../identity/access/index.ts';
import { type Actor, actorId, permits } from '../../platform/core/index.ts';
import { roomErrors } from './rooms.errors.ts';
import type { rooms, roomPeople } from './rooms.tables.ts';
import {
  type DefaultRoles,
  PEOPLE_ROLES,
  type RoomFeatures,
  type RoomRole,
  type RoomType,
} from './rooms.words.ts';

export type Room = typeof rooms.$inferSelect;
export type RoomPerson = typeof roomPeople.$inferSelect;

const MOST_SEATS = 1_000;

/** What a room of each type begins with. */
export const TYPE_DEFAULTS: Readonly<
  Record<RoomType, { capacity: number; features: RoomFeatures; defaultRoles: DefaultRoles }>
> = (() => {
  const features = { recording: false, screenShare: true, chat: true, files: true, captions: true };
  const defaultRoles = { member: 'participant', guest: 'participant' } as const;
  return {
    one_to_one: { capacity: 2, features, defaultRoles },
    group: { capacity: 50, features, defaultRoles },
    conference: { capacity: 200, features, defaultRoles },
    broadcast: { capacity: MOST_SEATS, features, defaultRoles: { member: 'viewer', guest: 'viewer' } },
    audio_room: { capacity: 50, features: { ...features, screenShare: false }, defaultRoles },
  };
})();

/** The most a room of the type may hold. */
export const mostSeats = (type: RoomType): number => (type === 'one_to_one' ? 2 : MOST_SEATS);

/**
 * The text that stands for the actor in rooms, calls and LiveKit; null for those that are nobody in a room.
 * A service speaks for others: see `externalIdentity`.
 */
export function identityOf(actor: Actor): string | null {
  return actor.kind === 'user' || actor.kind === 'guest' ? actorId(actor) : null;
}

/** Whether the actor may do with the organization's rooms whatever their hosts may. */
export function isAdministrator(actor: Actor): boolean {
  if (actor.kind === 'apiKey') return permits(actor.permissions, 'rooms:write');
  return actor.kind === 'user' && permits(actor.permissions, 'rooms:manage');
}

/** What is stored of somebody who stands before a room. */
export interface Known {
  /** What the room knows of them. */
  person: Pick<RoomPerson, 'role' | 'removedAt'> | null | undefined;
  /** Their role in the organization by now; null for who is no active member. */
  memberRole: string | null;
}

type RoleGivers = Pick<Room, 'createdBy' | 'defaultRoles'>;

const mayManage = (memberRole: string | null): boolean =>
  memberRole !== null && permits(permissionsOfRole(memberRole), 'rooms:manage');

/**
 * The role of a person in a room by their place in the organization as it is stored, whatever their credential or ticket
 * says. Null for who is no active member, or was removed from the room.
 */
export function memberRoomRole(
  identity: string,
  room: RoleGivers,
  { person, memberRole }: Known,
): RoomRole | null {
  if (memberRole === null || person?.removedAt) return null;
  if (person?.role) return person.role;
  return mayManage(memberRole) || identity === room.createdBy ? 'host' : room.defaultRoles.member;
}

/** Whether a person is no member any more, although their credential still says so. */
export const isGone = (actor: Actor, { memberRole }: Pick<Known, 'memberRole'>): boolean =>
  actor.kind === 'user' && memberRole === null;

/**
 * The role of the actor in a room: their own there, else host for who made it and for administrators, else the room's
 * default for members. Null for who is nobody there: who was removed or is no member any more, a guest without a role of
 * their own, the platform itself.
 */
export function roomRoleOf(actor: Actor, room: RoleGivers, known: Known): RoomRole | null {
  if (actor.kind === 'user') return memberRoomRole(actor.userId, room, known);
  if (known.person?.removedAt) return null;
  if (known.person?.role) return known.person.role;
  return isAdministrator(actor) || actorId(actor) === room.createdBy ? 'host' : null;
}

/**
 * The role in which the actor manages the room at the API: an administrator as a host, whatever they are in its calls. A
 * person must be one by their credential and by what is stored: a credential outlives a demotion by minutes.
 */
export function managingRoleOf(actor: Actor, room: RoleGivers, known: Known): RoomRole | null {
  const administers = isAdministrator(actor) && (actor.kind !== 'user' || mayManage(known.memberRole));
  return administers ? 'host' : roomRoleOf(actor, room, known);
}

export const isModerating = (role: RoomRole | null): boolean => role === 'host' || role === 'moderator';

/** The role, or the one that bounds it where that may do less: nobody is more in a socket than in the room. */
export function boundedRole(role: RoomRole, bound: RoomRole | null | undefined): RoomRole {
  const place = (each: RoomRole) => (PEOPLE_ROLES as readonly RoomRole[]).indexOf(each);
  // Agents and observers have no place among people, and are raised to none.
  return bound && place(role) !== -1 && place(bound) > place(role) ? bound : role;
}

/** What somebody in a socket is by now: what the live room says, bounded by what the room itself gives them. */
export function roleInSocket(
  { identity, role }: { identity: string; role: RoomRole },
  room: RoleGivers,
  known: Known,
): RoomRole | null {
  if (!identity.startsWith('usr_')) return boundedRole(role, known.person?.role);
  const own = memberRoomRole(identity, room, known);
  return own && boundedRole(role, own);
}

/**
 * The role in which somebody acts in the room, at the API or in a socket (`as`). Null for who was removed from it, also an
 * administrator, and for who never had a place in it and has to have one first.
 */
export function standingRoleOf(
  actor: Actor,
  as: { identity: string; role: RoomRole } | undefined,
  room: RoleGivers,
  { wasIn, ...known }: Known & { wasIn: boolean },
): RoomRole | null {
  if (known.person?.removedAt || !wasIn) return null;
  return as ? roleInSocket(as, room, known) : managingRoleOf(actor, room, known);
}

/**
 * Hosts, and whoever has the right: that they are less in the room's calls takes nothing of it.
 * @throws AppError `rooms.not_manager`
 */
export function requireManager(actor: Actor, room: RoleGivers, known: Known): void {
  if (managingRoleOf(actor, room, known) !== 'host') throw roomErrors.notManager();
}

/** Who sees no direct room but their own: their identity. Null for who sees all, or is bound to one room anyway. */
export function viewerOf(actor: Actor): string | null {
  return actor.kind === 'user' && !isAdministrator(actor) ? actor.userId : null;
}

/** A guest's ticket is for one room; every other is not there. @throws AppError `rooms.not_found` */
export function requireReach(actor: Actor, roomId: string): void {
  if (actor.kind === 'guest' && actor.roomId !== roomId) throw roomErrors.notFound();
}
