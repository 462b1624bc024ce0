import { permissionsOfRole } from '../../identity/access/index.ts';
import { type Actor, actorId, permits } from '../../kernel/core/index.ts';
import { roomErrors } from './rooms.errors.ts';
import type { rooms, roomPeople } from './rooms.tables.ts';
import {
  type DefaultRoles,
  PEOPLE_ROLES,
  type RoomFeatures,
  type RoomRole,
  type RoomType,
} from './rooms.enums.ts';

export type Room = typeof rooms.$inferSelect;
export type RoomPerson = typeof roomPeople.$inferSelect;

const MAX_CAPACITY = 1_000;

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
    broadcast: { capacity: MAX_CAPACITY, features, defaultRoles: { member: 'viewer', guest: 'viewer' } },
    audio_room: { capacity: 50, features: { ...features, screenShare: false }, defaultRoles },
  };
})();

/** The most a room of the type may hold. */
export const maxCapacity = (type: RoomType): number => (type === 'one_to_one' ? 2 : MAX_CAPACITY);

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
export interface RoomAccessFacts {
  /** What the room knows of them. */
  person: Pick<RoomPerson, 'role' | 'removedAt'> | null | undefined;
  /** Their role in the organization by now; null for who is no active member. */
  memberRole: string | null;
}

type RoomRoleSettings = Pick<Room, 'createdBy' | 'defaultRoles'>;

const mayManageRooms = (memberRole: string | null): boolean =>
  memberRole !== null && permits(permissionsOfRole(memberRole), 'rooms:manage');

/**
 * The role of a person in a room by their place in the organization as it is stored, whatever their credential or ticket
 * says. Null for who is no active member, or was removed from the room.
 */
export function memberRoleInRoom(
  identity: string,
  room: RoomRoleSettings,
  { person, memberRole }: RoomAccessFacts,
): RoomRole | null {
  if (memberRole === null || person?.removedAt) return null;
  if (person?.role) return person.role;
  return mayManageRooms(memberRole) || identity === room.createdBy ? 'host' : room.defaultRoles.member;
}

/** Whether a person is no member any more, although their credential still says so. */
export const hasLeftOrganization = (
  actor: Actor,
  { memberRole }: Pick<RoomAccessFacts, 'memberRole'>,
): boolean => actor.kind === 'user' && memberRole === null;

/**
 * The role of the actor in a room: their own there, else host for who made it and for administrators, else the room's
 * default for members. Null for who is nobody there: who was removed or is no member any more, a guest without a role of
 * their own, the platform itself.
 */
export function roleInRoom(actor: Actor, room: RoomRoleSettings, facts: RoomAccessFacts): RoomRole | null {
  if (actor.kind === 'user') return memberRoleInRoom(actor.userId, room, facts);
  if (facts.person?.removedAt) return null;
  if (facts.person?.role) return facts.person.role;
  return isAdministrator(actor) || actorId(actor) === room.createdBy ? 'host' : null;
}

/**
 * The role in which the actor manages the room at the API: an administrator as a host, whatever they are in its calls. A
 * person must be one by their credential and by what is stored: a credential outlives a demotion by minutes.
 */
export function managementRoleOf(
  actor: Actor,
  room: RoomRoleSettings,
  facts: RoomAccessFacts,
): RoomRole | null {
  const isManager = isAdministrator(actor) && (actor.kind !== 'user' || mayManageRooms(facts.memberRole));
  return isManager ? 'host' : roleInRoom(actor, room, facts);
}

export const isModeratorRole = (role: RoomRole | null): boolean => role === 'host' || role === 'moderator';

/** The role, or the one that bounds it where that may do less: nobody is more in a socket than in the room. */
export function capRole(role: RoomRole, maximum: RoomRole | null | undefined): RoomRole {
  const rankOf = (each: RoomRole) => (PEOPLE_ROLES as readonly RoomRole[]).indexOf(each);
  // Agents and observers have no place among people, and are raised to none.
  return maximum && rankOf(role) !== -1 && rankOf(maximum) > rankOf(role) ? maximum : role;
}

/** What somebody in a socket is by now: what the live room says, bounded by what the room itself gives them. */
export function roleInSocket(
  { identity, role }: { identity: string; role: RoomRole },
  room: RoomRoleSettings,
  facts: RoomAccessFacts,
): RoomRole | null {
  if (!identity.startsWith('usr_')) return capRole(role, facts.person?.role);
  const own = memberRoleInRoom(identity, room, facts);
  return own && capRole(role, own);
}

/**
 * The role in which somebody acts in the room, at the API or in a socket (`as`). Null for who was removed from it, also an
 * administrator, and for who never had a place in it and has to have one first.
 */
export function effectiveRoleOf(
  actor: Actor,
  caller: { identity: string; role: RoomRole } | undefined,
  room: RoomRoleSettings,
  { wasIn, ...facts }: RoomAccessFacts & { wasIn: boolean },
): RoomRole | null {
  if (facts.person?.removedAt || !wasIn) return null;
  return caller ? roleInSocket(caller, room, facts) : managementRoleOf(actor, room, facts);
}

/**
 * Hosts, and whoever has the right: that they are less in the room's calls takes nothing of it.
 * @throws AppError `rooms.not_manager`
 */
export function requireManager(actor: Actor, room: RoomRoleSettings, facts: RoomAccessFacts): void {
  if (managementRoleOf(actor, room, facts) !== 'host') throw roomErrors.notManager();
}

/** Who sees no direct room but their own: their identity. Null for who sees all, or is bound to one room anyway. */
export function restrictedViewer(actor: Actor): string | null {
  return actor.kind === 'user' && !isAdministrator(actor) ? actor.userId : null;
}

/** A guest's ticket is for one room; every other is not there. @throws AppError `rooms.not_found` */
export function requireGuestOfRoom(actor: Actor, roomId: string): void {
  if (actor.kind === 'guest' && actor.roomId !== roomId) throw roomErrors.notFound();
}
