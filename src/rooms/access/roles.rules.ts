import { permissionsOfRole } from '../../identity/access/index.ts';
import type { CallParticipant } from '../../calls/calls/index.ts';
import { type Actor, permits } from '../../kernel/core/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';
import { isAdministrator } from './viewer.rules.ts';

/** What is stored about a person and decides their role in a room. */
export interface RoomAccessFacts {
  person: Pick<RoomPerson, 'role' | 'removedAt'> | null | undefined;
  /** Their role in the organization as stored; null unless they are an active member. */
  memberRole: string | null;
}

type RoomRoleSettings = Pick<Room, 'createdBy' | 'defaultRoles'>;

/** Roles of people, by how much they may do. Agents and observers are outside of this order. */
const ROLE_RANK: Partial<Record<RoomRole, number>> = { host: 3, moderator: 2, participant: 1, viewer: 0 };

const rankOf = (role: RoomRole | null | undefined): number | undefined =>
  role ? ROLE_RANK[role] : undefined;

/** Whether a role ranks above another; having no role, or one outside of the order, ranks below all. */
export const outranks = (role: RoomRole | null, other: RoomRole | null): boolean =>
  (rankOf(role) ?? -1) > (rankOf(other) ?? -1);

/** Whether both are roles of people and `role` ranks no higher than `maximum`. */
export function isRoleWithin(role: RoomRole, maximum: RoomRole | null | undefined): boolean {
  const [rank, highest] = [rankOf(role), rankOf(maximum)];
  return rank !== undefined && highest !== undefined && rank <= highest;
}

/** The role, lowered to `maximum` where it ranks higher. Agents and observers are neither lowered nor a bound. */
export const capRole = (role: RoomRole, maximum: RoomRole | null | undefined): RoomRole =>
  maximum && isRoleWithin(maximum, role) ? maximum : role;

export const isModeratorRole = (role: RoomRole | null): boolean => role === 'host' || role === 'moderator';

/** Whether a role in the organization, as stored, is that of an administrator: they have the last word in every room. */
export const isAdministratorRole = (memberRole: string | null): boolean =>
  memberRole !== null && permits(permissionsOfRole(memberRole), 'rooms:manage');

/** Whether a user is no longer an active member, although their credential still names the organization. */
export const hasLeftOrganization = (
  actor: Actor,
  { memberRole }: Pick<RoomAccessFacts, 'memberRole'>,
): boolean => actor.kind === 'user' && memberRole === null;

/**
 * The role of a member in a room by what is stored, whatever their credential or ticket says: the one given to them in
 * the room, else host for its creator and for administrators, else the room's default for members. Null for somebody who
 * is not an active member, or was removed from the room.
 */
export function memberRoleInRoom(
  identity: string,
  room: RoomRoleSettings,
  { person, memberRole }: RoomAccessFacts,
): RoomRole | null {
  if (memberRole === null || person?.removedAt) return null;
  if (person?.role) return person.role;
  return isAdministratorRole(memberRole) || identity === room.createdBy ? 'host' : room.defaultRoles.member;
}

/** The role of the actor in the room's calls; null without one: removed, not a member, a guest before admission. */
export function roleInRoom(actor: Actor, room: RoomRoleSettings, facts: RoomAccessFacts): RoomRole | null {
  if (actor.kind === 'user') return memberRoleInRoom(actor.userId, room, facts);
  if (facts.person?.removedAt) return null;
  // A key is no person: it moderates by its scopes alone, also a room that it created.
  if (actor.kind === 'apiKey' && !isAdministrator(actor)) return null;
  if (facts.person?.role) return facts.person.role;
  return isAdministrator(actor) ? 'host' : null;
}

/**
 * The role in which the actor manages the room through the API: an administrator as host, whatever their role in its
 * calls. A user must be an administrator both by credential and by the membership that is stored.
 */
export function managementRoleOf(
  actor: Actor,
  room: RoomRoleSettings,
  facts: RoomAccessFacts,
): RoomRole | null {
  const isManager =
    isAdministrator(actor) && (actor.kind !== 'user' || isAdministratorRole(facts.memberRole));
  return isManager ? 'host' : roleInRoom(actor, room, facts);
}

/** The role of the caller of a socket: the one they have in the live room, capped by what is stored. */
export function roleInSocket(
  { identity, role }: { identity: string; role: RoomRole },
  room: RoomRoleSettings,
  facts: RoomAccessFacts,
): RoomRole | null {
  if (!identity.startsWith('usr_')) return capRole(role, facts.person?.role);
  const stored = memberRoleInRoom(identity, room, facts);
  return stored && capRole(role, stored);
}

/**
 * The role of a participant in another room that they are moved to: the one they were given there, else host for its
 * creator, else its default for members. A guest keeps at most the role they have, and never moderates by a move.
 */
export function roleInDestination(
  { identity, kind, role }: Pick<CallParticipant, 'identity' | 'kind' | 'role'>,
  destination: RoomRoleSettings,
  person: Pick<RoomPerson, 'role'> | null,
): RoomRole {
  if (person?.role) return person.role;
  if (identity === destination.createdBy) return 'host';
  if (role === 'agent' || role === 'observer') return role;
  if (kind !== 'guest') return destination.defaultRoles.member;
  return role === 'viewer' ? 'viewer' : 'participant';
}
