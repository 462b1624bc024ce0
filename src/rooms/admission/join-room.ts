import type { Ctx } from '../../kernel/context/index.ts';
import {
  type Actor,
  actorCredential,
  authErrors,
  requestErrors,
  requirePermission,
} from '../../kernel/core/index.ts';
import {
  disabledFeaturesOf,
  isAdministrator,
  outranks,
  relationOf,
  requireGuestOfRoom,
  restrictedViewer,
  roleInRoom,
} from '../access/index.ts';
import { PEOPLE_ROLES, roomErrors, type RoomRole } from '../rooms/index.ts';
import { admitApplicant } from './admit-applicant.ts';
import {
  type LinkOfPerson,
  selectAdmissionState,
  type SerializedAdmissionState,
} from './admission.queries.ts';
import { activeLobbyEntry, type AdmissionState, type Applicant } from './admission.rules.ts';
import type { AdmissionView, JoinRoom, WaitingView } from './admission.schemas.ts';
import { requireGuestLink } from './require-guest-link.ts';

/** Roles that an API key which may observe can bring, and that one which manages rooms can give. */
const SERVICE_ROLES = ['agent', 'observer'] as const;
const MANAGED_SERVICE_ROLES = [...PEOPLE_ROLES, ...SERVICE_ROLES] as const;

/**
 * A guest's ticket is for joining its room; everybody else needs the permission, and services another one for what only
 * they can be.
 * @throws AppError `auth.forbidden`
 */
function requireJoinPermission({ actor }: Ctx, { role }: JoinRoom): void {
  if (actor.kind === 'guest') return;
  requirePermission(actor, 'rooms:join');
  const isServiceRole = (SERVICE_ROLES as readonly (RoomRole | undefined)[]).includes(role);
  if (actor.kind === 'apiKey' && isServiceRole) requirePermission(actor, 'rooms:observe');
}

/** The identity that asks to join. @throws AppError `request.invalid` or `auth.forbidden` */
function applicantIdentity(ctx: Ctx, { identity, role }: JoinRoom): string {
  const { actor } = ctx;
  const invalidIdentity = (message: string) =>
    requestErrors.invalid({ errors: [{ pointer: '/identity', message }] });
  if (actor.kind === 'apiKey') {
    if (identity === undefined) throw invalidIdentity('must be set by an API key: the identity that joins');
    return `${role === 'agent' ? 'agt' : 'ext'}_${identity}`;
  }
  if (identity !== undefined) throw invalidIdentity('is for API keys; people join as themselves');
  if (actor.kind === 'user') return actor.userId;
  if (actor.kind === 'guest') return actor.guestId;
  throw authErrors.forbidden();
}

/** The admission state, and what else is stored about the identity. */
export type AdmissionStateOfIdentity = AdmissionState &
  Pick<SerializedAdmissionState, 'accountName' | 'memberRole' | 'hadSeat'> & {
    /** The link through which they first came; also a deleted one. */
    link: LinkOfPerson | null;
    /** Whether the room is a private room that the identity has nothing to do with, and was not rung into. */
    isUnrelated: boolean;
    /** When the ring that lets them into a private room expires; null without one, or when it was accepted. */
    rungUntil: Date | null;
  };

const parseDate = (text: string | null) => (text === null ? null : new Date(text));

/** The admission state of what was read. @throws AppError `rooms.not_found` */
export function admissionStateOf(
  row: { state: SerializedAdmissionState | null } | undefined,
): AdmissionStateOfIdentity {
  if (!row?.state) throw roomErrors.notFound();
  const { person, call, seat, entry, link, stranger, rungUntil, ...rest } = row.state;
  return {
    ...rest,
    person: person ? { ...person, removedAt: parseDate(person.removedAt) } : undefined,
    link: link && { ...link, expiresAt: parseDate(link.expiresAt), deletedAt: parseDate(link.deletedAt) },
    isUnrelated: stranger,
    rungUntil: parseDate(rungUntil),
    call: call ?? undefined,
    seat: seat
      ? { ...seat, joinedAt: parseDate(seat.joinedAt), seatUntil: parseDate(seat.seatUntil) }
      : undefined,
    entry: entry
      ? {
          ...entry,
          decidedAt: parseDate(entry.decidedAt),
          expiresAt: new Date(entry.expiresAt),
          createdAt: new Date(entry.createdAt),
        }
      : undefined,
  };
}

/**
 * The role that the link gives to somebody who has none of their own in the room yet; null for none. A guest has it also
 * while they wait; a member only when they were admitted with it.
 */
function roleFromLink(
  { kind }: Actor,
  state: AdmissionStateOfIdentity,
  ownRole: RoomRole | null,
  nowMs: number,
): RoomRole | null {
  const { room, person, link } = state;
  if (!link || link.roomId !== room.id || person?.role) return null;
  const activeEntry = activeLobbyEntry(state, nowMs);
  if (kind === 'guest') return activeEntry?.role ?? link.defaultRole;
  return activeEntry?.status === 'admitted' && outranks(activeEntry.role, ownRole) ? activeEntry.role : null;
}

/** The applicant that the caller is, or represents. */
function buildApplicant(
  ctx: Ctx,
  input: JoinRoom,
  identity: string,
  state: AdmissionStateOfIdentity,
): Applicant {
  const { actor } = ctx;
  const { room, person, accountName, memberRole, link } = state;
  const defaults = {
    identity,
    requestedRole: input.role,
    recordingConsent: input.recordingConsent,
    needsApproval: false,
    disabledFeatures: {},
    extraRoles: [],
    userId: null,
    linkId: null,
    credential: actorCredential(actor),
  };
  if (actor.kind === 'apiKey')
    return {
      ...defaults,
      kind: input.role === 'agent' ? 'agent' : 'service',
      name: input.name ?? input.identity!,
      role: person?.role ?? room.defaultRoles.member,
      extraRoles: isAdministrator(actor) ? MANAGED_SERVICE_ROLES : SERVICE_ROLES,
    };
  const ownRole = roleInRoom(actor, room, { person, memberRole });
  const linkRole = roleFromLink(actor, state, ownRole, ctx.clock.now());
  const linkedApplicant = {
    ...defaults,
    role: linkRole ?? ownRole,
    disabledFeatures: disabledFeaturesOf(link),
    linkAttribution:
      link && linkRole
        ? { givesRole: true, isForOneCall: link.callId !== null, changedBy: link.createdBy }
        : undefined,
  };
  if (actor.kind === 'guest') {
    const needsApproval = link?.requireApproval === true;
    return {
      ...linkedApplicant,
      kind: 'guest',
      name: input.name ?? actor.name,
      linkId: actor.linkId,
      needsApproval,
    };
  }
  return { ...linkedApplicant, kind: 'user', name: input.name ?? accountName ?? identity, userId: identity };
}

/**
 * Whether the room is not found for the caller: for former members, and for members who have nothing to do with a private
 * room and were not admitted to it.
 */
function isRoomHidden(actor: Actor, state: AdmissionStateOfIdentity, nowMs: number): boolean {
  const isRingOver = state.rungUntil !== null && state.rungUntil.getTime() <= nowMs;
  const isUnrelated =
    (state.isUnrelated || isRingOver) &&
    restrictedViewer(actor) !== null &&
    activeLobbyEntry(state, nowMs)?.status !== 'admitted';
  const relation = relationOf(actor, undefined, { facts: state, isVisible: !isUnrelated, isAdmitted: true });
  return relation === 'unrelated' || relation === 'former_member';
}

/**
 * Joins a room, for the caller or for the identity that an API key names: its open call, else a new one.
 * @throws AppError `auth.forbidden`, `rooms.*`, `clusters.not_configured` or `request.invalid`
 */
export async function joinRoom(
  ctx: Ctx,
  roomId: string,
  input: JoinRoom,
): Promise<AdmissionView | WaitingView> {
  requireGuestOfRoom(ctx.actor, roomId);
  requireJoinPermission(ctx, input);
  const identity = applicantIdentity(ctx, input);
  const [[row]] = await ctx.read((q) => [selectAdmissionState(q, ctx.organizationId, roomId, identity)]);
  const state = admissionStateOf(row);
  if (isRoomHidden(ctx.actor, state, ctx.clock.now())) throw roomErrors.notFound();
  requireGuestLink(ctx, state);
  return admitApplicant(ctx, { state, applicant: buildApplicant(ctx, input, identity, state) });
}
