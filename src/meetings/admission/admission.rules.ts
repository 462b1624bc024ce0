import type { Call, CallParticipant } from '../calls/index.ts';
import type { LobbyEntry } from '../lobby/index.ts';
import {
  isModerating,
  type Room,
  type RoomFeatures,
  type RoomPerson,
  type RoomRole,
} from '../rooms/index.ts';
import { doorErrors } from './admission.errors.ts';

/** A token that was not used until then is worthless, and its seat free again. */
export const TOKEN_SECONDS = 120;
const DENIED_SECONDS = 60;

/** What the room notes of somebody who comes by a link. */
export interface Noted {
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
  wantedRole?: RoomRole | undefined;
  /** Roles that they may ask for whatever their own is: a service brings agents and observers. */
  mayTake: readonly RoomRole[];
  /** Has to be let in by a host or moderator, whatever the room says. */
  needsApproval: boolean;
  /** What they may not use although the room offers it. */
  without: Partial<Record<keyof RoomFeatures, true>>;
  noted?: Noted | undefined;
}

/** What the applicant finds: of each only what a door needs. */
export interface Door {
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

export interface Verdict {
  kind: 'admit' | 'wait';
  role: RoomRole;
}

const RANK: Partial<Record<RoomRole, number>> = { host: 3, moderator: 2, participant: 1, viewer: 0 };

/** Whether one role of people is above another; nobody is below them. */
export const outranks = (role: RoomRole | null, other: RoomRole | null): boolean =>
  ((role && RANK[role]) ?? -1) > ((other && RANK[other]) ?? -1);

/** The lobby's entry of who still waits, or was let in and may still come. */
export const expected = (entry: Door['entry'], nowMs: number): Door['entry'] =>
  (entry?.status === 'waiting' || entry?.status === 'admitted') && entry.expiresAt.getTime() > nowMs
    ? entry
    : undefined;

/** @throws AppError `rooms.role_not_allowed` */
export function roleFor({ role, wantedRole, mayTake }: Applicant): RoomRole {
  const wanted = wantedRole ?? role;
  if (wanted === null) throw doorErrors.roleNotAllowed();
  if (wanted === role || mayTake.includes(wanted)) return wanted;
  const [own, asked] = [role === null ? undefined : RANK[role], RANK[wanted]];
  if (own === undefined || asked === undefined || asked > own) throw doorErrors.roleNotAllowed();
  return wanted;
}

/** Whether a decision in the lobby still lets them in. @throws AppError `rooms.denied` soon after they were denied */
function wasLetIn(entry: Door['entry'], nowMs: number): boolean {
  const decidedAtMs = entry?.decidedAt?.getTime();
  if (!entry || decidedAtMs === undefined) return false;
  const again = Math.ceil((decidedAtMs - nowMs) / 1000) + DENIED_SECONDS;
  if (entry.status === 'denied' && again > 0) throw doorErrors.denied({ retryAfterSeconds: again });
  return entry.status === 'admitted' && entry.expiresAt.getTime() > nowMs;
}

/**
 * Whether the applicant comes in or waits in the lobby. Who has a place in the call already comes back to it, through
 * lock and lobby, but not to a role that somebody has to approve of first: whoever did saw which one it was. Seats are
 * counted when the admission commits.
 * @throws AppError `rooms.ended`, `rooms.removed`, `rooms.locked`, `rooms.denied` or `rooms.role_not_allowed`
 */
export function decideAdmission(door: Door, applicant: Applicant, nowMs: number): Verdict {
  const { room, person, seat, entry } = door;
  if (room.status === 'ended') throw doorErrors.ended();
  if (person?.removedAt) throw doorErrors.removed();
  const role = roleFor(applicant);
  const moderating = isModerating(applicant.role);
  const promised = applicant.needsApproval && applicant.noted?.givesRole === true;
  if ((seat && !promised) || (moderating && !applicant.needsApproval)) return { kind: 'admit', role };
  const letIn = wasLetIn(entry, nowMs) && !(promised && outranks(applicant.role, entry?.role ?? null));
  if (room.locked && !moderating && !letIn) throw doorErrors.locked();
  const waits = applicant.needsApproval || (room.lobby && !moderating);
  return { kind: waits && !letIn ? 'wait' : 'admit', role };
}

/** What the applicant may use. */
export function featuresFor(
  room: Pick<Room, 'features'>,
  { without }: Pick<Applicant, 'without'>,
): RoomFeatures {
  const allowed = (name: keyof RoomFeatures) => room.features[name] && !without[name];
  return {
    recording: allowed('recording'),
    screenShare: allowed('screenShare'),
    chat: allowed('chat'),
    files: allowed('files'),
    captions: allowed('captions'),
  };
}
