import { type Actor, actorId } from '../../kernel/core/index.ts';
import type { MediaGrants } from '../../calls/clusters/index.ts';
import { type Call, type CallParticipant, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { admissionErrors, allowedFeatures, mediaGrantsOf, disabledFeaturesOf } from '../admission/index.ts';
import type { RoomCaller } from '../../realtime/protocol/index.ts';
import {
  hasLeftOrganization,
  isModeratorRole,
  type Room,
  roomErrors,
  type RoomPerson,
  type RoomRole,
  effectiveRoleOf,
} from '../rooms/index.ts';
import { moderationErrors } from './moderation.errors.ts';

/** Where something is asked for. */
export interface RoomAccessRequest {
  roomId: string;
  /** Whose socket asks, in the role they have there; absent at the API, where the credential says who it is. */
  caller?: Pick<RoomCaller, 'identity' | 'role'> | undefined;
}

/** What a room knows of who asks. */
export interface RoomAccess {
  room: Room;
  /** The open call. */
  call: Call | undefined;
  person: RoomPerson | undefined;
  /** Their identity; the key's id for a service that speaks for nobody. */
  identity: string;
  /** Null for who is nobody in the room, or kept out of it, and for a guest who was never let in. */
  role: RoomRole | null;
  /** False for a guest who was never let in. */
  wasIn: boolean;
}

/** The text by which the room may know who asks. */
export const requesterIdentity = (actor: Actor, { caller }: RoomAccessRequest): string =>
  caller?.identity ?? actorId(actor) ?? '';

interface RoomAccessRow {
  room: Room;
  person: RoomPerson | null;
  call: Call | null;
  /** In the organization, by now. */
  memberRole: string | null;
  wasIn: boolean;
}

/** @throws AppError `rooms.not_found` */
export function roomAccessOf(
  actor: Actor,
  request: RoomAccessRequest,
  row: RoomAccessRow | undefined,
): RoomAccess {
  if (!row || (!request.caller && hasLeftOrganization(actor, row))) throw roomErrors.notFound();
  const { room, person, call, wasIn } = row;
  return {
    room,
    call: call ?? undefined,
    person: person ?? undefined,
    identity: requesterIdentity(actor, request),
    role: effectiveRoleOf(actor, request.caller, room, row),
    wasIn,
  };
}

/**
 * Who was removed sees nothing of the room any more, and a guest nothing before they are let in.
 * @throws AppError `rooms.removed` or `rooms.denied`
 */
export function requireAdmitted(roomAccess: RoomAccess): RoomAccess {
  if (roomAccess.person?.removedAt) throw admissionErrors.removed();
  if (!roomAccess.wasIn) throw admissionErrors.denied();
  return roomAccess;
}

/** @throws AppError `moderation.not_moderator` */
export function requireModerator({ role }: Pick<RoomAccess, 'role'>): void {
  if (!isModeratorRole(role)) throw moderationErrors.notModerator();
}

/** @throws AppError `moderation.no_call` */
export function requireOpenCall({ call }: Pick<RoomAccess, 'call'>): Call {
  if (!call) throw moderationErrors.noCall();
  return call;
}

/** Somebody in a call, with what their room knows of them and the switches of the link that let them in. */
export interface ModerationTarget {
  participant: CallParticipant;
  person: RoomPerson | null;
  switches: Parameters<typeof disabledFeaturesOf>[0];
}

/** Whether they are a host, also one who joined as less. */
const isHostTarget = ({ participant, person }: ModerationTarget, room: Room): boolean =>
  participant.role === 'host' || person?.role === 'host' || participant.identity === room.createdBy;

/** Whether who asks may act on them: nobody moderates a host but a host. */
export const mayModerate = (
  { role, room }: Pick<RoomAccess, 'role' | 'room'>,
  target: ModerationTarget,
): boolean => role === 'host' || !isHostTarget(target, room);

/** @throws AppError `moderation.not_moderator`, `moderation.participant_not_found` or `moderation.not_host` */
export function requireTarget<T extends ModerationTarget>(roomAccess: RoomAccess, target: T | undefined): T {
  requireModerator(roomAccess);
  if (!target) throw moderationErrors.participantNotFound();
  if (!mayModerate(roomAccess, target)) throw moderationErrors.notHost();
  return target;
}

/**
 * The open call, in which they have their place: who was in an earlier one is not there.
 * @throws AppError `moderation.no_call` or `moderation.participant_not_found`
 */
export function requireCallOfTarget(
  roomAccess: Pick<RoomAccess, 'call'>,
  { participant }: ModerationTarget,
): Call {
  const call = requireOpenCall(roomAccess);
  if (participant.callId !== call.id) throw moderationErrors.participantNotFound();
  return call;
}

/** @throws AppError `moderation.not_host` or `moderation.role_fixed` */
export function requireAssignableRole(
  { role }: RoomAccess,
  { participant }: ModerationTarget,
  newRole: RoomRole,
): void {
  if ((UNCOUNTED_ROLES as readonly string[]).includes(participant.role)) throw moderationErrors.roleFixed();
  if (newRole === 'host' && role !== 'host') throw moderationErrors.notHost();
}

/** What they may do with media in the call by now. */
export function targetGrants(room: Room, { participant, switches }: ModerationTarget): MediaGrants {
  return mediaGrantsOf(
    participant.role,
    room.type,
    allowedFeatures(room, { disabledFeatures: disabledFeaturesOf(switches) }),
  );
}

/** Who decided, as the live room shows it; null for a service. */
export const publicIdentity = (identity: string): string | null =>
  /^(usr|gst|ext|agt)_\S+$/u.test(identity) ? identity : null;
