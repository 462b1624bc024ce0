import type { Ctx } from '../../platform/context/index.ts';
import { type Actor, authErrors, requestErrors } from '../../platform/core/index.ts';
import {
  isAdministrator,
  isGone,
  PEOPLE_ROLES,
  requireReach,
  roomErrors,
  roomRoleOf,
  viewerOf,
} from '../rooms/index.ts';
import { doorErrors } from './admission.errors.ts';
import { admit, doorOf, type FoundDoor } from './admit.ts';
import { findDoor, findGuestLink } from './admission.queries.ts';
import type { Applicant } from './admission.rules.ts';
import type { AdmissionView, JoinRoom, WaitingView } from './admission.schemas.ts';

interface Switches {
  enableRecording: boolean;
  enableScreenShare: boolean;
  enableChat: boolean;
}

/** The link that a guest came by. */
interface GuestLink extends Switches {
  requireApproval: boolean;
  /** The one call it is for; null for every call of the room. */
  callId: string | null;
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

interface Found {
  door: FoundDoor;
  link: GuestLink | null;
}

function applicantFor(
  ctx: Ctx,
  input: JoinRoom,
  identity: string,
  { door: { room, person, accountName, memberRole }, link }: Found,
): Applicant {
  const { actor } = ctx;
  const common = {
    identity,
    wantedRole: input.role,
    needsApproval: link?.requireApproval === true,
    without: withoutOf(link),
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
  const role = roomRoleOf(actor, room, { person, memberRole });
  if (actor.kind === 'guest')
    return { ...common, kind: 'guest', name: input.name ?? actor.name, role, linkId: actor.linkId };
  return {
    ...common,
    kind: 'user',
    name: input.name ?? accountName ?? identity,
    role,
    userId: identity,
  };
}

/** Whether the room is not there for somebody: who is no member any more, and strangers before a room for two. */
const isHidden = (actor: Actor, door: FoundDoor): boolean =>
  isGone(actor, door) || (door.stranger && viewerOf(actor) !== null);

/** Looks at the door, and reads what it takes to let in somebody of the actor's kind. @throws AppError `rooms.not_found` */
async function lookAtDoor(ctx: Ctx, roomId: string, identity: string): Promise<Found> {
  const { actor, organizationId } = ctx;
  if (actor.kind === 'guest') {
    const [[row], [link]] = await ctx.read((q) => [
      findDoor(q, organizationId, roomId, identity),
      findGuestLink(q, organizationId, actor.linkId),
    ]);
    return { door: doorOf(row), link: link ?? null };
  }
  const [[row]] = await ctx.read((q) => [findDoor(q, organizationId, roomId, identity)]);
  return { door: doorOf(row), link: null };
}

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
  const found = await lookAtDoor(ctx, roomId, identity);
  const { door, link } = found;
  if (isHidden(ctx.actor, door)) throw roomErrors.notFound();
  if (link?.callId && link.callId !== door.call?.id)
    throw doorErrors.ended({ detail: 'the call that the link was for is over' });
  return admit(ctx, { door, applicant: applicantFor(ctx, input, identity, found) });
}
