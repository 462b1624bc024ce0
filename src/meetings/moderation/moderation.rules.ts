import { type Actor, actorId } from '../../platform/core/index.ts';
import type { MediaGrants } from '../clusters/index.ts';
import { type Call, type CallParticipant, SEATLESS_ROLES } from '../calls/index.ts';
import { doorErrors, featuresFor, grantsOf, withoutOf } from '../admission/index.ts';
import type { RoomCaller } from '../realtime/index.ts';
import {
  isGone,
  isModerating,
  type Room,
  roomErrors,
  type RoomPerson,
  type RoomRole,
  standingRoleOf,
} from '../rooms/index.ts';
import { moderationErrors } from './moderation.errors.ts';

/** Where something is asked for. */
export interface Place {
  roomId: string;
  /** Whose socket asks, in the role they have there; absent at the API, where the credential says who it is. */
  as?: Pick<RoomCaller, 'identity' | 'role'> | undefined;
}

/** What a room knows of who asks. */
export interface Standing {
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
export const identityAt = (actor: Actor, { as }: Place): string => as?.identity ?? actorId(actor) ?? '';

interface StandingRow {
  room: Room;
  person: RoomPerson | null;
  call: Call | null;
  /** In the organization, by now. */
  memberRole: string | null;
  wasIn: boolean;
}

/** @throws AppError `rooms.not_found` */
export function standingOf(actor: Actor, place: Place, row: StandingRow | undefined): Standing {
  if (!row || (!place.as && isGone(actor, row))) throw roomErrors.notFound();
  const { room, person, call, wasIn } = row;
  return {
    room,
    call: call ?? undefined,
    person: person ?? undefined,
    identity: identityAt(actor, place),
    role: standingRoleOf(actor, place.as, room, row),
    wasIn,
  };
}

/**
 * Who was removed sees nothing of the room any more, and a guest nothing before they are let in.
 * @throws AppError `rooms.removed` or `rooms.denied`
 */
export function requireWelcome(standing: Standing): Standing {
  if (standing.person?.removedAt) throw doorErrors.removed();
  if (!standing.wasIn) throw doorErrors.denied();
  return standing;
}

/** @throws AppError `moderation.not_moderator` */
export function requireModerator({ role }: Pick<Standing, 'role'>): void {
  if (!isModerating(role)) throw moderationErrors.notModerator();
}

/** @throws AppError `moderation.no_call` */
export function requireCall({ call }: Pick<Standing, 'call'>): Call {
  if (!call) throw moderationErrors.noCall();
  return call;
}

/** Somebody in a call, with what their room knows of them and the switches of the link that let them in. */
export interface Target {
  participant: CallParticipant;
  person: RoomPerson | null;
  switches: Parameters<typeof withoutOf>[0];
}

/** Whether they are a host, also one who joined as less. */
const isHost = ({ participant, person }: Target, room: Room): boolean =>
  participant.role === 'host' || person?.role === 'host' || participant.identity === room.createdBy;

/** Whether who asks may act on them: nobody moderates a host but a host. */
export const mayActOn = ({ role, room }: Pick<Standing, 'role' | 'room'>, target: Target): boolean =>
  role === 'host' || !isHost(target, room);

/** @throws AppError `moderation.not_moderator`, `moderation.participant_not_found` or `moderation.not_host` */
export function requireTarget<T extends Target>(standing: Standing, target: T | undefined): T {
  requireModerator(standing);
  if (!target) throw moderationErrors.participantNotFound();
  if (!mayActOn(standing, target)) throw moderationErrors.notHost();
  return target;
}

/**
 * The open call, in which they have their place: who was in an earlier one is not there.
 * @throws AppError `moderation.no_call` or `moderation.participant_not_found`
 */
export function requireCallOf(standing: Pick<Standing, 'call'>, { participant }: Target): Call {
  const call = requireCall(standing);
  if (participant.callId !== call.id) throw moderationErrors.participantNotFound();
  return call;
}

/** @throws AppError `moderation.not_host` or `moderation.role_fixed` */
export function requireAssignable({ role }: Standing, { participant }: Target, wanted: RoomRole): void {
  if ((SEATLESS_ROLES as readonly string[]).includes(participant.role)) throw moderationErrors.roleFixed();
  if (wanted === 'host' && role !== 'host') throw moderationErrors.notHost();
}

/** What they may do with media in the call by now. */
export function grantsFor(room: Room, { participant, switches }: Target): MediaGrants {
  return grantsOf(participant.role, room.type, featuresFor(room, { without: withoutOf(switches) }));
}

/** Who decided, as the live room shows it; null for a service. */
export const shownBy = (identity: string): string | null =>
  /^(usr|gst|ext|agt)_\S+$/u.test(identity) ? identity : null;
