import { signGuestTicket } from '../../identity/access/index.ts';
import { type Ctx, systemScope } from '../../platform/context/index.ts';
import { authErrors } from '../../platform/core/index.ts';
import {
  type AdmissionRequest,
  type AdmissionView,
  admit,
  type Applicant,
  expected,
  openCallOf,
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
import { isGone, isModerating, roomRoleOf } from '../rooms/index.ts';
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
  /** The link by which they came last. */
  cameBy: string | null;
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
  return { link, door, accountName, memberRole, cameBy: person?.linkId ?? null };
}

/** @throws AppError `links.*` */
async function requireEntry(
  ctx: Ctx,
  { link, door }: Visit,
  known: boolean,
  password: string | undefined,
): Promise<void> {
  requireGood(link, { openCallId: openCallOf(ctx.ports, door)?.id ?? null, known, nowMs: ctx.clock.now() });
  await requirePassword(ctx, link, password, await addressAt(ctx, link.id));
}

interface Newcomer {
  applicant: Applicant;
  /** Has come by this link before: it is not used again. */
  known: boolean;
  scope?: AdmissionRequest['scope'];
}

/** Lets somebody in and uses the link: both in one commit, or nothing of it. */
function enter(
  ctx: Ctx,
  { link, door }: Visit,
  { applicant, known, scope }: Newcomer,
): Promise<AdmissionView | WaitingView> {
  const { id: linkId, roomId } = link;
  const { identity } = applicant;
  const now = new Date(ctx.clock.now());
  return admit(ctx, {
    door,
    applicant,
    scope,
    extra: {
      write: (q) => (known ? [] : [useLink(q, link, now)]),
      effects: known ? [] : [{ type: 'link.used', key: linkId, payload: { linkId, roomId, identity } }],
    },
  });
}

/** What the room notes of who comes by the link: that they do, the first time, and the role that it gives. */
const notedOf = ({ id: linkId, createdBy: changedBy }: Link, known: boolean, givesRole: boolean) => ({
  changedBy,
  givesRole,
  ...(known ? {} : { linkId }),
});

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
  const known = visit.cameBy === link.id;
  await requireEntry(ctx, visit, known, password);
  const own = door.person?.role ?? null;
  // Who waits goes on waiting for the role that they were seen to ask for.
  const role = own ?? expected(door.entry, ctx.clock.now())?.role ?? link.defaultRole;
  const { organizationId, roomId, id: linkId } = link;
  const admission = await enter(ctx, visit, {
    known,
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
      noted: notedOf(link, known, own === null),
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
  const own = roomRoleOf(actor, door.room, { person: door.person, memberRole });
  const role = roleByLink(own, link, door.person);
  const raised = role !== own;
  // Who moderates the room anyway gets nothing from the link, and is bounded by none.
  const owesNothing = visit.cameBy !== link.id && isModerating(own) && !raised;
  const known = visit.cameBy === link.id || (owesNothing && door.seat !== undefined);
  await requireEntry(ctx, visit, known, input.password);
  const admission = await enter(ctx, visit, {
    known,
    applicant: {
      identity: userId,
      kind: 'user',
      name: input.name ?? accountName ?? userId,
      userId,
      linkId: link.id,
      role,
      mayTake: [],
      // Who moderates the room anyway is not let in by anybody else.
      needsApproval: link.requireApproval && (raised || !isModerating(own)),
      without: owesNothing ? {} : withoutOf(link),
      noted: owesNothing ? undefined : notedOf(link, known, raised),
    },
  });
  return { admission, roomId: link.roomId };
}
