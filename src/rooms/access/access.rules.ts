import type { Call } from '../../calls/calls/index.ts';
import { type Actor, actorId, type ErrorFactory } from '../../kernel/core/index.ts';
import type { RoomCaller } from '../../realtime/protocol/index.ts';
import { type Room, roomErrors, type RoomPerson, type RoomRole } from '../rooms/index.ts';
import { accessErrors, moderatorErrors } from './access.errors.ts';
import {
  hasLeftOrganization,
  isAdministratorRole,
  isModeratorRole,
  managementRoleOf,
  type RoomAccessFacts,
  roleInSocket,
} from './roles.rules.ts';
import { isAdministrator, restrictedViewer } from './viewer.rules.ts';

/** A room, and the sender of the request if it came by the room's socket. */
export interface RoomAccessRequest {
  roomId: string;
  /** The sender of a frame, in their role in the live room. Absent at the API: the credential identifies the caller. */
  caller?: Pick<RoomCaller, 'identity' | 'role'> | undefined;
  /** For administrators also a deleted room: what outlasts it stays theirs. */
  alsoDeleted?: true;
}

/**
 * The relation of a person to a room.
 * - `current`: may act in it, as far as their role goes.
 * - `not_admitted`: a guest who never had a seat in one of its calls, or whose link was for a call that is over.
 * - `removed`: a moderator removed them, until they are readmitted.
 * - `former_member`: a user who is no longer an active member of the organization.
 * - `unrelated`: a member to whom a private room does not show.
 */
export type RoomRelation = 'current' | 'not_admitted' | 'removed' | 'former_member' | 'unrelated';

/** The caller's relation to a room, and the role in which they act there. */
export interface RoomAccess {
  room: Room;
  /** The open call. */
  call: Call | undefined;
  person: RoomPerson | undefined;
  /** For an API key that does not name an identity: its id. */
  identity: string;
  relation: RoomRelation;
  /** With `person` these are `RoomAccessFacts`, for `requireManager` and `roleInRoom`. */
  memberRole: string | null;
  /**
   * Null for those who have no role in the room, and unless the relation is `current`; but an administrator who was removed
   * still moderates through the API.
   */
  role: RoomRole | null;
}

/** What one select finds: the room, its open call, and what is stored about the person. */
export interface RoomAccessRow {
  room: Room;
  person: RoomPerson | null;
  call: Call | null;
  memberRole: string | null;
  /** Whether a guest had a seat in the room, through a link whose call is not over; true for everybody else. */
  isAdmitted: boolean;
  /** Whether the room shows to the viewer; true for viewers who see all rooms. */
  isVisible: boolean;
}

/** The identity of the caller in the room. */
export const requesterIdentity = (actor: Actor, { caller }: RoomAccessRequest): string =>
  caller?.identity ?? actorId(actor) ?? '';

/** The request of a frame's sender. */
export const accessRequestOf = (caller: RoomCaller): RoomAccessRequest => ({ roomId: caller.roomId, caller });

/** What `selectRoomAccess` looks for. */
export interface RoomAccessKey {
  roomId: string;
  identity: string;
  /** Whose view of private rooms is restricted; null for a socket, which is inside, and for those who see all rooms. */
  viewer: string | null;
  alsoDeleted?: true | undefined;
}

export const accessKeyOf = (actor: Actor, request: RoomAccessRequest): RoomAccessKey => ({
  roomId: request.roomId,
  identity: requesterIdentity(actor, request),
  viewer: request.caller ? null : restrictedViewer(actor),
  alsoDeleted: request.alsoDeleted,
});

/** The relation of a person to a room. Not found comes before forbidden: the first relation that applies is the answer. */
export function relationOf(
  actor: Actor,
  caller: RoomAccessRequest['caller'],
  { facts, isVisible, isAdmitted }: { facts: RoomAccessFacts; isVisible: boolean; isAdmitted: boolean },
): RoomRelation {
  if (!isVisible) return 'unrelated';
  if (!caller && hasLeftOrganization(actor, facts)) return 'former_member';
  if (facts.person?.removedAt) return 'removed';
  return isAdmitted ? 'current' : 'not_admitted';
}

/** @throws AppError `rooms.not_found` when the room does not exist in the organization */
export function roomAccessOf(
  actor: Actor,
  request: RoomAccessRequest,
  row: RoomAccessRow | undefined,
): RoomAccess {
  if (!row || (row.room.deletedAt && !isAdministratorCaller(actor, row))) throw roomErrors.notFound();
  const { caller } = request;
  const { room, person, call, memberRole } = row;
  const relation = relationOf(actor, caller, { ...row, facts: row });
  const role = caller ? roleInSocket(caller, room, row) : managementRoleOf(actor, room, row);
  return {
    room,
    call: call ?? undefined,
    person: person ?? undefined,
    identity: requesterIdentity(actor, request),
    relation,
    memberRole,
    role: relation === 'current' || (relation === 'removed' && !caller) ? role : null,
  };
}

/** @throws AppError `rooms.not_found` for members to whom a private room does not show */
export function requireVisible(access: RoomAccess): RoomAccess {
  if (access.relation === 'unrelated') throw roomErrors.notFound();
  return access;
}

/** @throws AppError `rooms.not_found` for users who are no longer members of the organization */
export function requireMember(access: RoomAccess): RoomAccess {
  if (access.relation === 'former_member') throw roomErrors.notFound();
  return access;
}

/** @throws AppError `rooms.removed` for people who were removed, `rooms.denied` for guests who are not admitted */
export function requireAdmitted(access: RoomAccess): RoomAccess {
  if (access.relation === 'removed') throw accessErrors.removed();
  if (access.relation === 'not_admitted') throw accessErrors.denied();
  return access;
}

/** @throws AppError `moderation.not_moderator`, or the refusal that is given */
export function requireModerator(
  { role }: Pick<RoomAccess, 'role'>,
  refusal: ErrorFactory = moderatorErrors.notModerator,
): void {
  if (!isModeratorRole(role)) throw refusal();
}

/** Whether the caller has the last word in every room: an administrator of the organization, or a key that manages rooms. */
export const isAdministratorCaller = (
  actor: Actor,
  { memberRole }: Pick<RoomAccess, 'memberRole'>,
): boolean => (actor.kind === 'apiKey' ? isAdministrator(actor) : isAdministratorRole(memberRole));

/** Hosts and administrators manage a room, whatever their role in its calls. @throws AppError `rooms.not_manager` */
export function requireManager(actor: Actor, room: Room, facts: RoomAccessFacts): void {
  if (managementRoleOf(actor, room, facts) !== 'host') throw accessErrors.notManager();
}
