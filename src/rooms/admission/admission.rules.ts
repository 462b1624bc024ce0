import { type Call, type CallParticipant, UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { TOKEN_LEEWAY_SECONDS } from '../../calls/clusters/index.ts';
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

/** How long a media token is valid. */
export const TOKEN_SECONDS = 60;
/** Until a connection is known here: clocks differ, and the cluster's report takes its time. */
const REPORT_SECONDS = 10;
/** How long a seat is reserved: as long as the cluster takes its token, which is longer than the token is valid. */
export const SEAT_SECONDS = TOKEN_SECONDS + TOKEN_LEEWAY_SECONDS + REPORT_SECONDS;
const DENIED_RETRY_SECONDS = 60;

/** What is stored in the room about a person who joins through a link. */
export interface LinkAttribution {
  /** The link through which they come from now on, stored already while they wait; absent when it stays the same. */
  linkId?: string;
  /** Whether their role is the link's; it is stored when they are admitted, not before. */
  givesRole: boolean;
  /** Whether the link, and the role that it gives, is for one call. */
  isForOneCall: boolean;
  /** The id of the actor who created the link. */
  changedBy: string;
}

/** A person or service that asks to join a room. */
export interface Applicant {
  identity: string;
  kind: LobbyEntry['kind'];
  name: string;
  userId: string | null;
  linkId: string | null;
  /** The credential behind their admission, besides a link: a session or an API key. */
  credential: string | null;
  /** The role they have by default; null for somebody without a role in the room. */
  role: RoomRole | null;
  /** The role they ask for; absent for the one they have. */
  requestedRole?: RoomRole | undefined;
  /** Roles that they can ask for, whichever they have: a service brings agents and observers. */
  extraRoles: readonly RoomRole[];
  /** Whether a host or moderator has to admit them even if the room has no lobby. */
  needsApproval: boolean;
  recordingConsent: boolean;
  /** Whether a moderator sent them: past lock and lobby. */
  passesLobby?: boolean | undefined;
  disabledFeatures: DisabledFeatures;
  linkAttribution?: LinkAttribution | undefined;
}

/** The facts on which an admission is decided. */
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
    | 'waitForHost'
    | 'locked'
    | 'emptyTimeoutSeconds'
    | 'departureTimeoutSeconds'
    | 'defaultRoles'
    | 'createdBy'
    | 'cluster'
  >;
  call: Pick<Call, 'id' | 'cluster'> | undefined;
  /** Whether a host is or was connected to the open call. */
  hostCame: boolean;
  person: Pick<RoomPerson, 'role' | 'removedAt'> | undefined;
  seat: Pick<CallParticipant, 'id' | 'joinedAt' | 'seatUntil'> | undefined;
  lacksRecordingConsent: boolean;
  entry:
    | (Pick<LobbyEntry, 'id' | 'status' | 'role' | 'callId' | 'decidedAt' | 'expiresAt' | 'createdAt'> & {
        /** Whether somebody decided about it, or changed the settings that kept it waiting. */
        isDecidedByPerson: boolean;
      })
    | undefined;
}

export interface AdmissionDecision {
  role: RoomRole;
  /** What the applicant waits for; null when they are admitted. */
  waitsFor: WaitReason | null;
  /** Whether a moderator let this person in, or they have a seat already. */
  isApproved: boolean;
}

/** approval: somebody has to admit them. host: they enter by themselves as soon as a host is in the call. */
export const WAIT_REASONS = ['approval', 'host'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** The seats for a role; null for one that takes none, and for hosts, who always find one: in a one-to-one room its creator only. */
export function seatLimitOf(
  { type, capacity, createdBy }: Pick<Room, 'type' | 'capacity' | 'createdBy'>,
  { identity, role }: Pick<CallParticipant, 'identity' | 'role'>,
): number | null {
  const isSureOfSeat = role === 'host' && (type !== 'one_to_one' || identity === createdBy);
  return isSureOfSeat || (UNCOUNTED_ROLES as readonly string[]).includes(role) ? null : capacity;
}

type EntryOfCall = Pick<AdmissionState, 'entry' | 'call'>;

/** Whether the entry admits to the open call: a decision counts for the call it was made for. */
const isAdmittedEntry = ({ entry, call }: EntryOfCall, nowMs: number): boolean =>
  entry?.status === 'admitted' &&
  entry.expiresAt.getTime() > nowMs &&
  (entry.callId === null || entry.callId === call?.id);

const isWaitingEntry = (entry: AdmissionState['entry'], nowMs: number): boolean =>
  entry?.status === 'waiting' && entry.expiresAt.getTime() > nowMs;

/** The lobby entry of somebody who is still waiting, or who was admitted and can still join; else undefined. */
export const activeLobbyEntry = (state: EntryOfCall, nowMs: number): AdmissionState['entry'] => {
  const { entry } = state;
  return isWaitingEntry(entry, nowMs) || isAdmittedEntry(state, nowMs) ? entry : undefined;
};

/**
 * Whether the applicant returns to the call: they were connected to it, or hold a token that still connects them. A seat
 * that was never used counts no longer than its token.
 */
const isReturning = ({ seat }: Pick<AdmissionState, 'seat'>, nowMs: number): boolean =>
  seat !== undefined && (seat.joinedAt !== null || (seat.seatUntil?.getTime() ?? 0) > nowMs);

/** The role in which the applicant joins. @throws AppError `rooms.role_not_allowed` */
export function resolveRole({ role, requestedRole, extraRoles }: Applicant): RoomRole {
  const requested = requestedRole ?? role;
  if (requested === null) throw admissionErrors.roleNotAllowed();
  if (requested === role || extraRoles.includes(requested)) return requested;
  if (!isRoleWithin(requested, role)) throw admissionErrors.roleNotAllowed();
  return requested;
}

/** Whether a decision in the lobby still admits them. @throws AppError `rooms.denied` within a minute of a denial */
function isAdmittedByLobby(state: EntryOfCall, nowMs: number): boolean {
  const { entry } = state;
  const decidedAtMs = entry?.decidedAt?.getTime();
  if (!entry || decidedAtMs === undefined) return false;
  const secondsLeft = Math.ceil((decidedAtMs - nowMs) / 1000) + DENIED_RETRY_SECONDS;
  if (entry.status === 'denied' && secondsLeft > 0)
    throw accessErrors.denied({ retryAfterSeconds: secondsLeft });
  return isAdmittedEntry(state, nowMs);
}

/** The reason why an applicant without an admission waits; null for none. */
function reasonToWait(
  { room, hostCame }: AdmissionState,
  { needsApproval, role }: Applicant,
): WaitReason | null {
  const isModerator = isModeratorRole(role);
  if (needsApproval || ((room.lobby || room.locked) && !isModerator)) return 'approval';
  return room.waitForHost && !hostCame && !isModerator ? 'host' : null;
}

/**
 * Whether the applicant is admitted or waits in the lobby. A person with a seat in the call returns to it in spite of lock
 * and lobby, unless their link gives them a role that needs approval: a moderator approves one particular role. Seats are
 * counted when the admission commits.
 * @throws AppError `rooms.ended`, `rooms.removed`, `rooms.locked`, `rooms.denied` or `rooms.role_not_allowed`
 */
export function decideAdmission(
  state: AdmissionState,
  applicant: Applicant,
  nowMs: number,
): AdmissionDecision {
  const { room, person, entry } = state;
  if (room.status === 'ended') throw admissionErrors.ended();
  if (person?.removedAt) throw accessErrors.removed();
  const role = resolveRole(applicant);
  const isModerator = isModeratorRole(applicant.role);
  const roleNeedsApproval = applicant.needsApproval && applicant.linkAttribution?.givesRole === true;
  const hasSeat = isReturning(state, nowMs);
  if ((hasSeat && !roleNeedsApproval) || (isModerator && !applicant.needsApproval))
    return { role, waitsFor: null, isApproved: hasSeat };
  const admittedByLobby =
    applicant.passesLobby === true ||
    (isAdmittedByLobby(state, nowMs) &&
      !(roleNeedsApproval && outranks(applicant.role, entry?.role ?? null)));
  // People who wait since before the lock wait on: moderators see them, and can still admit them.
  if (room.locked && !isModerator && !admittedByLobby && !isWaitingEntry(entry, nowMs))
    throw admissionErrors.locked();
  if (admittedByLobby) {
    const isApproved = applicant.passesLobby === true || entry?.isDecidedByPerson === true;
    return { role, waitsFor: null, isApproved };
  }
  return { role, waitsFor: reasonToWait(state, applicant), isApproved: false };
}
