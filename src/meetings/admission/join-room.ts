import type { Ctx } from '../../platform/context/index.ts';
import { type Actor, authErrors, requestErrors } from '../../platform/core/index.ts';
import {
  isAdministrator,
  isGone,
  PEOPLE_ROLES,
  requireReach,
  roomErrors,
  type RoomRole,
  roomRoleOf,
  viewerOf,
} from '../rooms/index.ts';
import { doorErrors } from './admission.errors.ts';
import { admit } from './admit.ts';
import { findDoor, type ToldDoor } from './admission.queries.ts';
import { type Applicant, type Door, expected, outranks } from './admission.rules.ts';
import type { AdmissionView, JoinRoom, WaitingView } from './admission.schemas.ts';
import { openCallOf } from './seat-request.ts';

interface Switches {
  enableRecording: boolean;
  enableScreenShare: boolean;
  enableChat: boolean;
}

/** What a link's switches take away. */
export function withoutOf(switches: Switches | null): Applicant['without'] {
  if (!switches) return {};
  return {
    ...(switches.enableRecording ? {} : { recording: true as const }),
    ...(switches.enableScreenShare ? {} : { screenShare: true as const }),
    ...(switches.enableChat ? {} : { chat: true as const }),
  };
}

/** What any service brings, and what one that manages rooms makes of whom it speaks for. */
const BROUGHT = ['agent', 'observer'] as const;
const GIVEN = [...PEOPLE_ROLES, ...BROUGHT] as const;

/** The identity that is to be let in. @throws AppError `request.invalid` */
function identityFor(ctx: Ctx, { identity, role }: JoinRoom): string {
  const { actor } = ctx;
  const wrong = (message: string) => requestErrors.invalid({ errors: [{ pointer: '/identity', message }] });
  if (actor.kind === 'apiKey') {
    if (identity === undefined) throw wrong('must say for whom the service asks');
    return `${role === 'agent' ? 'agt' : 'ext'}_${identity}`;
  }
  if (identity !== undefined) throw wrong('is for services; people join as themselves');
  if (actor.kind === 'user') return actor.userId;
  if (actor.kind === 'guest') return actor.guestId;
  throw authErrors.forbidden();
}

/** The door as it was found, and what else was learned of the identity. */
export type FoundDoor = Door & Pick<ToldDoor, 'accountName' | 'memberRole' | 'stranger' | 'link'>;

const momentOf = (told: string | null) => (told === null ? null : new Date(told));

/** What was found at the door. @throws AppError `rooms.not_found` */
export function doorOf(row: { door: ToldDoor | null } | undefined): FoundDoor {
  if (!row?.door) throw roomErrors.notFound();
  const { person, call, seat, entry, ...rest } = row.door;
  return {
    ...rest,
    person: person ? { ...person, removedAt: momentOf(person.removedAt) } : undefined,
    call: call ?? undefined,
    seat: seat ?? undefined,
    entry: entry
      ? {
          ...entry,
          decidedAt: momentOf(entry.decidedAt),
          expiresAt: new Date(entry.expiresAt),
          createdAt: new Date(entry.createdAt),
        }
      : undefined,
  };
}

/**
 * The role that their link promised somebody who has none of their own yet; null for none. Of a guest it is their only
 * one, whether they wait for it or not; a member has it when they were let in with it.
 */
function promisedRole(
  { kind }: Actor,
  { room, person, link, entry }: FoundDoor,
  own: RoomRole | null,
  nowMs: number,
): RoomRole | null {
  if (!link || link.roomId !== room.id || person?.role) return null;
  const there = expected(entry, nowMs);
  if (kind === 'guest') return there?.role ?? link.defaultRole;
  return there?.status === 'admitted' && outranks(there.role, own) ? there.role : null;
}

function applicantFor(ctx: Ctx, input: JoinRoom, identity: string, door: FoundDoor): Applicant {
  const { actor } = ctx;
  const { room, person, accountName, memberRole, link } = door;
  const common = {
    identity,
    wantedRole: input.role,
    needsApproval: false,
    without: {},
    mayTake: [],
    userId: null,
    linkId: null,
  };
  if (actor.kind === 'apiKey')
    return {
      ...common,
      kind: input.role === 'agent' ? 'agent' : 'service',
      name: input.name ?? input.identity!,
      role: person?.role ?? room.defaultRoles.member,
      mayTake: isAdministrator(actor) ? GIVEN : BROUGHT,
    };
  const own = roomRoleOf(actor, room, { person, memberRole });
  const promised = promisedRole(actor, door, own, ctx.clock.now());
  const comes = {
    ...common,
    role: promised ?? own,
    without: withoutOf(link),
    noted: link && promised ? { givesRole: true, changedBy: link.createdBy } : undefined,
  };
  if (actor.kind === 'guest') {
    const needsApproval = link?.requireApproval === true;
    return { ...comes, kind: 'guest', name: input.name ?? actor.name, linkId: actor.linkId, needsApproval };
  }
  return { ...comes, kind: 'user', name: input.name ?? accountName ?? identity, userId: identity };
}

/**
 * Whether the room is not there for somebody: who is no member any more, and strangers before a room for two whom nobody
 * let in.
 */
const isHidden = (actor: Actor, door: FoundDoor, nowMs: number): boolean =>
  isGone(actor, door) ||
  (door.stranger && viewerOf(actor) !== null && expected(door.entry, nowMs)?.status !== 'admitted');

/** Whether a guest's link was for one call of the room, and that is over. */
const isCallOver = ({ actor, ports }: Ctx, door: FoundDoor): boolean => {
  const { room, link } = door;
  const isForOne = actor.kind === 'guest' && link?.roomId === room.id && link.callId !== null;
  return isForOne && link.callId !== openCallOf(ports, door)?.id;
};

/**
 * A place in a room for the caller, or for whom a service names: in the call that is going on, else in a new one.
 * @throws AppError `rooms.*`, `clusters.not_configured` or `request.invalid`
 */
export async function joinRoom(
  ctx: Ctx,
  roomId: string,
  input: JoinRoom,
): Promise<AdmissionView | WaitingView> {
  requireReach(ctx.actor, roomId);
  const identity = identityFor(ctx, input);
  const [[row]] = await ctx.read((q) => [findDoor(q, ctx.organizationId, roomId, identity)]);
  const door = doorOf(row);
  if (isHidden(ctx.actor, door, ctx.clock.now())) throw roomErrors.notFound();
  if (isCallOver(ctx, door)) throw doorErrors.ended({ detail: 'the call that the link was for is over' });
  return admit(ctx, { door, applicant: applicantFor(ctx, input, identity, door) });
}
