import { type Call, type CallParticipant, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import type { MediaGrants } from '../../calls/clusters/index.ts';
import {
  allowedFeatures,
  disabledFeaturesOf,
  isAdministratorCaller,
  isAdministratorRole,
  type LinkFeatureSwitches,
  mediaGrantsOf,
  requireModerator,
  type RoomAccess,
} from '../access/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';
import { moderationErrors } from './moderation.errors.ts';

/** @throws AppError `moderation.no_call` */
export function requireOpenCall({ call }: Pick<RoomAccess, 'call'>): Call {
  if (!call) throw moderationErrors.noCall();
  return call;
}

/** A participant of a call, with what the room stores about them and the switches of their link. */
export interface ModerationTarget {
  participant: CallParticipant;
  person: RoomPerson | null;
  switches: LinkFeatureSwitches | null;
}

/** Whether they are a host, also one who joined in a lower role. */
const isHostTarget = ({ participant, person }: ModerationTarget, room: Room): boolean =>
  participant.role === 'host' || person?.role === 'host' || participant.identity === room.createdBy;

/** Whether the caller may act on the target: only a host moderates a host. */
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
 * Administrators of the organization have the last word in its rooms: only another one takes their place or rank.
 * @throws AppError `moderation.administrator`
 */
export function requireAuthorityOver(
  actor: Actor,
  roomAccess: RoomAccess,
  { memberRole }: { memberRole: string | null },
): void {
  if (isAdministratorRole(memberRole) && !isAdministratorCaller(actor, roomAccess))
    throw moderationErrors.administrator();
}

/**
 * The open call, in which the target must have their seat; a participant of an earlier call is not found.
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

/** What the target may do with media in the call. */
export function targetGrants(room: Room, { participant, switches }: ModerationTarget): MediaGrants {
  return mediaGrantsOf(participant.role, room.type, allowedFeatures(room, disabledFeaturesOf(switches)));
}
