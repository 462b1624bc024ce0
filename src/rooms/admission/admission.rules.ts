import type { Call, CallParticipant } from '../../calls/calls/index.ts';
import type { LobbyEntry } from '../lobby/index.ts';
import {
  accessErrors,
  type DisabledFeatures,
  isModeratorRole,
  isRoleWithin,
  outranks,
} from '../access/index.ts';
import type { Room, RoomPerson, RoomRole } from '../rooms/index.ts';
import { admissionErrors } from './admission.errors.ts';

/** A token that was not used until then is worthless, and its seat free again. */
export const TOKEN_SECONDS = 120;
const DENIED_RETRY_SECONDS = 60;

/** What the room notes of somebody who comes by a link. */
export interface LinkAttribution {
  /** The link by which they come from now on, noted also of who waits; absent when it stays. */
  linkId?: string;
  /** Their role is the link's: it becomes theirs when they are let in, and not before. */
  givesRole: boolean;
  /** Who made the link. */
  changedBy: string;
}

/** Who stands at the door. */
export interface Applicant {
  identity: string;
  kind: CallParticipant['kind'];
  name: string;
  userId: string | null;
  linkId: string | null;
  /** The role they have without asking; null when they are nobody here. */
  role: RoomRole | null;
  /** The role they ask for; absent for their own. */
  requestedRole?: RoomRole | undefined;
  /** Roles that they may ask for whatever their own is: a service brings agents and observers. */
  extraRoles: readonly RoomRole[];
  /** Has to be let in by a host or moderator, whatever the room says. */
  needsApproval: boolean;
  /** What they may not use although the room offers it. */
  disabledFeatures: DisabledFeatures;
  linkAttribution?: LinkAttribution | undefined;
}

/** What the applicant finds: of each only what a door needs. */
export interface AdmissionState {
  room: Pick<
    Room,
    | 'id'
    | 'organizationId'
    | 'type'
    | 'status'
    | 'capacity'
    | 'features'
    | 'lobby'
    | 'locked'
    | 'emptyTimeoutSeconds'
    | 'departureTimeoutSeconds'
    | 'defaultRoles'
    | 'createdBy'
  >;
  call: Pick<Call, 'id' | 'cluster'> | undefined;
  person: Pick<RoomPerson, 'role' | 'removedAt'> | undefined;
  seat: Pick<CallParticipant, 'id'> | undefined;
  entry: Pick<LobbyEntry, 'id' | 'status' | 'role' | 'decidedAt' | 'expiresAt' | 'createdAt'> | undefined;
}

export interface AdmissionDecision {
  kind: 'admit' | 'wait';
  role: RoomRole;
}

/** The lobby's entry of who still waits, or was let in and may still come. */
export const activeLobbyEntry = (entry: AdmissionState['entry'], nowMs: number): AdmissionState['entry'] =>
  (entry?.status === 'waiting' || entry?.status === 'admitted') && entry.expiresAt.getTime() > nowMs
    ? entry
    : undefined;

/** @throws AppError `rooms.role_not_allowed` */
export function resolveRole({ role, requestedRole, extraRoles }: Applicant): RoomRole {
  const requested = requestedRole ?? role;
  if (requested === null) throw admissionErrors.roleNotAllowed();
  if (requested === role || extraRoles.includes(requested)) return requested;
  if (!isRoleWithin(requested, role)) throw admissionErrors.roleNotAllowed();
  return requested;
}

/** Whether a decision in the lobby still lets them in. @throws AppError `rooms.denied` soon after they were denied */
function isAdmittedByLobby(entry: AdmissionState['entry'], nowMs: number): boolean {
  const decidedAtMs = entry?.decidedAt?.getTime();
  if (!entry || decidedAtMs === undefined) return false;
  const secondsLeft = Math.ceil((decidedAtMs - nowMs) / 1000) + DENIED_RETRY_SECONDS;
  if (entry.status === 'denied' && secondsLeft > 0)
    throw accessErrors.denied({ retryAfterSeconds: secondsLeft });
  return entry.status === 'admitted' && entry.expiresAt.getTime() > nowMs;
}

/**
 * Whether the applicant comes in or waits in the lobby. Who has a place in the call already comes back to it, through
 * lock and lobby, but not to a role that somebody has to approve of first: whoever did saw which one it was. Seats are
 * counted when the admission commits.
 * @throws AppError `rooms.ended`, `rooms.removed`, `rooms.locked`, `rooms.denied` or `rooms.role_not_allowed`
 */
export function decideAdmission(
  state: AdmissionState,
  applicant: Applicant,
  nowMs: number,
): AdmissionDecision {
  const { room, person, seat, entry } = state;
  if (room.status === 'ended') throw admissionErrors.ended();
  if (person?.removedAt) throw accessErrors.removed();
  const role = resolveRole(applicant);
  const isModerator = isModeratorRole(applicant.role);
  const roleNeedsApproval = applicant.needsApproval && applicant.linkAttribution?.givesRole === true;
  if ((seat && !roleNeedsApproval) || (isModerator && !applicant.needsApproval))
    return { kind: 'admit', role };
  const admittedByLobby =
    isAdmittedByLobby(entry, nowMs) && !(roleNeedsApproval && outranks(applicant.role, entry?.role ?? null));
  if (room.locked && !isModerator && !admittedByLobby) throw admissionErrors.locked();
  const mustWait = applicant.needsApproval || (room.lobby && !isModerator);
  return { kind: mustWait && !admittedByLobby ? 'wait' : 'admit', role };
}
