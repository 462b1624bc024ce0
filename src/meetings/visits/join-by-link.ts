import { signGuestTicket } from '../../identity/access/index.ts';
import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { authErrors } from '../../platform/core/index.ts';
import {
  type AdmissionRequest,
  type AdmissionView,
  admit,
  type Applicant,
  type WaitingView,
  withoutOf,
} from '../admission/index.ts';
import {
  findByCode,
  type Link,
  linkErrors,
  normalCode,
  requireGood,
  roleByLink,
  useLink,
} from '../links/index.ts';
import { isGone, isModerating, putRoomPerson, type RoomRole, roomRoleOf } from '../rooms/index.ts';
import { requirePassword } from './require-password.ts';
import { addressAt, guestAt } from './visitor.ts';
import type { GuestAdmissionView, JoinAsMember, JoinByLink } from './visits.schemas.ts';

/** How long a guest may come back; the link may be long gone by then. */
export const GUEST_TICKET_SECONDS = 12 * 3600;

type Door = AdmissionRequest['door'];
interface Visit {
  link: Link;
  door: Door;
}

/** What else is known of who comes. */
interface Found extends Visit {
  accountName: string | null;
  /** In the link's organization, by now. */
  memberRole: string | null;
}

/** @throws AppError `links.not_found` */
function visitOf([found]: Awaited<ReturnType<typeof findByCode>>): Found {
  if (!found) throw linkErrors.notFound();
  const { link, accountName, memberRole, room, call, person, seat, entry } = found;
  const door = {
    room,
    call: call ?? undefined,
    person: person ?? undefined,
    seat: seat ?? undefined,
    entry: entry ?? undefined,
  };
  return { link, door, accountName, memberRole };
}

/** Whether somebody waits in the lobby, or has been let in there. */
const isExpected = ({ entry }: Door, nowMs: number): boolean =>
  (entry?.status === 'waiting' || entry?.status === 'admitted') && entry.expiresAt.getTime() > nowMs;

/** @throws AppError `links.*` */
async function requireEntry(
  ctx: Ctx,
  { link, door }: Visit,
  known: boolean,
  password: string | undefined,
): Promise<void> {
  requireGood(link, { openCallId: door.call?.id ?? null, known, nowMs: ctx.clock.now() });
  await requirePassword(ctx, link, password, await addressAt(ctx, link.id));
}

interface Newcomer {
  applicant: Applicant;
  /** Has come by this link before: it is not used again. */
  known: boolean;
  /** A role to note down as their own; undefined to leave what is there. */
  ownRole: RoomRole | undefined;
  scope?: AdmissionRequest['scope'];
}

/** Lets somebody in, uses the link, and notes down their role: all in one commit, or none of it. */
function enter(
  ctx: Ctx,
  { link, door }: Visit,
  { applicant, known, ownRole, scope }: Newcomer,
): Promise<AdmissionView | WaitingView> {
  const { organizationId, id: linkId, roomId } = link;
  const { identity, userId } = applicant;
  const now = new Date(ctx.clock.now());
  const person = {
    organizationId,
    roomId,
    identity,
    userId,
    linkId,
    changedBy: link.createdBy,
    updatedAt: now,
  };
  return admit(ctx, {
    door,
    applicant,
    scope,
    extra: {
      write: (q) => [
        ...(known ? [] : [useLink(q, link, now)]),
        ...(ownRole === undefined ? [] : [putRoomPerson(q, { ...person, role: ownRole })]),
      ],
      effects: known ? [] : [{ type: 'link.used', key: linkId, payload: { linkId, roomId, identity } }],
    },
  });
}

/**
 * Lets a guest into the room that a link leads to, or into its lobby. Once they are let in there, they ask for their
 * token with their ticket.
 * @throws AppError `links.*`, `rooms.*`, `clusters.not_configured`, `server.unavailable`, or `request.stale`
 */
export async function joinByLink(ctx: Ctx, code: string, input: JoinByLink): Promise<GuestAdmissionView> {
  const { name, password, visitorKey } = input;
  const plain = normalCode(code);
  const guestId = visitorKey === undefined ? ctx.ids.create('guest') : await guestAt(ctx, plain, visitorKey);
  // The system's scope: the code is the credential, and says which organization it is for.
  const [found] = await ctx.read((q) => [findByCode(q, plain, guestId)], systemScope);
  const visit = visitOf(found);
  const { link, door } = visit;
  if (link.access === 'restricted') throw linkErrors.restricted();
  const known = door.person !== undefined;
  await requireEntry(ctx, visit, known, password);
  const role = door.person?.role ?? link.defaultRole;
  const { organizationId, roomId, id: linkId } = link;
  const admission = await enter(ctx, visit, {
    known,
    ownRole: known ? undefined : role,
    scope: { role: 'app', organizationId, userId: guestId },
    applicant: {
      identity: guestId,
      kind: 'guest',
      name,
      userId: null,
      linkId,
      role,
      mayTake: [],
      needsApproval: link.requireApproval,
      without: withoutOf(link),
    },
  });
  const guest = { guestId, organizationId, roomId, linkId, name };
  return {
    ...admission,
    roomId,
    guestTicket: await signGuestTicket(ctx.signer, guest, GUEST_TICKET_SECONDS),
    guestTicketExpiresAt: new Date(ctx.clock.now() + GUEST_TICKET_SECONDS * 1000).toISOString(),
  };
}

/**
 * Lets a member of the link's organization in, under their own name and identity.
 * @throws AppError `links.*`, `rooms.*`, `clusters.not_configured`, `server.unavailable`, `auth.forbidden`, or
 * `request.stale`
 */
export async function joinAsMember(
  ctx: Ctx,
  code: string,
  input: JoinAsMember,
): Promise<{ admission: AdmissionView | WaitingView; roomId: string }> {
  const { actor } = ctx;
  if (actor.kind !== 'user') throw authErrors.forbidden({ detail: 'services join by the room itself' });
  const { userId } = actor;
  const plain = normalCode(code);
  // Within the caller's own organization: a link of another one is not found.
  const [found] = await ctx.read((q) => [findByCode(q, plain, userId)]);
  const visit = visitOf(found);
  const { link, door, accountName, memberRole } = visit;
  if (isGone(actor, visit)) throw linkErrors.notFound();
  const known = door.seat !== undefined || isExpected(door, ctx.clock.now());
  await requireEntry(ctx, visit, known, input.password);
  const own = roomRoleOf(actor, door.room, { person: door.person, memberRole });
  const role = roleByLink(own, link, door.person);
  const admission = await enter(ctx, visit, {
    known,
    ownRole: role === link.defaultRole && !door.person?.role ? role : undefined,
    applicant: {
      identity: userId,
      kind: 'user',
      name: input.name ?? accountName ?? userId,
      userId,
      linkId: link.id,
      role,
      mayTake: [],
      // Who moderates the room anyway is not let in by anybody else.
      needsApproval: link.requireApproval && !isModerating(own),
      without: withoutOf(link),
    },
  });
  return { admission, roomId: link.roomId };
}
