import { signGuestTicket } from '../../identity/access/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { authErrors } from '../../kernel/core/index.ts';
import { disabledFeaturesOf, hasLeftOrganization, isModeratorRole, roleInRoom } from '../access/index.ts';
import {
  type AdmissionRequest,
  type AdmissionView,
  admitApplicant,
  type Applicant,
  activeLobbyEntry,
  openCallOf,
  type WaitingView,
} from '../admission/index.ts';
import {
  selectLinkByCode,
  type Link,
  linkErrors,
  normalizeCode,
  requireUsableLink,
  resolveRoleByLink,
  consumeLinkUse,
} from '../links/index.ts';
import { requirePassword } from './require-password.ts';
import { hashAddress, deriveGuestId } from './identify-visitor.ts';
import type { GuestAdmissionView, JoinAsMember, JoinByLink } from './guest-access.schemas.ts';
import { linkUsed } from '../links/index.ts';

/** How long a guest may come back; the link may be long gone by then. */
export const GUEST_TICKET_SECONDS = 12 * 3600;

interface LinkVisit {
  link: Link;
  state: AdmissionRequest['state'];
}

/** What else is known of who comes. */
interface LinkVisitDetails extends LinkVisit {
  accountName: string | null;
  /** In the link's organization, by now. */
  memberRole: string | null;
  /** The link by which they came last. */
  lastLinkId: string | null;
}

/** @throws AppError `links.not_found` */
function toLinkVisit([found]: Awaited<ReturnType<typeof selectLinkByCode>>): LinkVisitDetails {
  if (!found) throw linkErrors.notFound();
  const { link, accountName, memberRole, room, call, person, seat, entry } = found;
  const state = {
    room,
    call: call ?? undefined,
    person: person ?? undefined,
    seat: seat ?? undefined,
    entry: entry ?? undefined,
  };
  return { link, state, accountName, memberRole, lastLinkId: person?.linkId ?? null };
}

/** @throws AppError `links.*` */
async function requireLinkEntry(
  ctx: Ctx,
  { link, state }: LinkVisit,
  cameBefore: boolean,
  password: string | undefined,
): Promise<void> {
  requireUsableLink(link, {
    openCallId: openCallOf(ctx.ports, state)?.id ?? null,
    cameBefore,
    nowMs: ctx.clock.now(),
  });
  await requirePassword(ctx, link, password, await hashAddress(ctx, link.id));
}

interface LinkAdmission {
  applicant: Applicant;
  /** Has come by this link before: it is not used again. */
  cameBefore: boolean;
  scope?: AdmissionRequest['scope'];
}

/** Lets somebody in and uses the link: both in one commit, or nothing of it. */
function admitByLink(
  ctx: Ctx,
  { link, state }: LinkVisit,
  { applicant, cameBefore, scope }: LinkAdmission,
): Promise<AdmissionView | WaitingView> {
  const { id: linkId, roomId } = link;
  const { identity } = applicant;
  const now = new Date(ctx.clock.now());
  return admitApplicant(ctx, {
    state,
    applicant,
    scope,
    additional: {
      write: (q) => (cameBefore ? [] : [consumeLinkUse(q, link, now)]),
      events: cameBefore ? [] : [linkUsed.of({ linkId, roomId, identity })],
    },
  });
}

/** What the room notes of who comes by the link: that they do, the first time, and the role that it gives. */
const buildLinkAttribution = (
  { id: linkId, createdBy: changedBy }: Link,
  cameBefore: boolean,
  givesRole: boolean,
) => ({
  changedBy,
  givesRole,
  ...(cameBefore ? {} : { linkId }),
});

/**
 * Lets a guest into the room that a link leads to, or into its lobby. Once they are let in there, they ask for their
 * token with their ticket.
 * @throws AppError `links.*`, `rooms.*`, `clusters.not_configured`, `server.unavailable`, or `request.stale`
 */
export async function joinByLink(ctx: Ctx, code: string, input: JoinByLink): Promise<GuestAdmissionView> {
  const { name, password, visitorKey } = input;
  const normalizedCode = normalizeCode(code);
  const guestId =
    visitorKey === undefined ? ctx.ids.create('guest') : await deriveGuestId(ctx, normalizedCode, visitorKey);
  // The system's scope: the code is the credential, and says which organization it is for.
  const [found] = await ctx.read((q) => [selectLinkByCode(q, normalizedCode, guestId)], systemScope);
  const visit = toLinkVisit(found);
  const { link, state } = visit;
  if (link.access === 'restricted') throw linkErrors.restricted();
  const cameBefore = visit.lastLinkId === link.id;
  await requireLinkEntry(ctx, visit, cameBefore, password);
  const ownRole = state.person?.role ?? null;
  // Who waits goes on waiting for the role that they were seen to ask for.
  const role = ownRole ?? activeLobbyEntry(state.entry, ctx.clock.now())?.role ?? link.defaultRole;
  const { organizationId, roomId, id: linkId } = link;
  const admission = await admitByLink(ctx, visit, {
    cameBefore,
    scope: { role: 'app', organizationId, userId: guestId },
    applicant: {
      identity: guestId,
      kind: 'guest',
      name,
      userId: null,
      linkId,
      role,
      extraRoles: [],
      needsApproval: link.requireApproval,
      disabledFeatures: disabledFeaturesOf(link),
      linkAttribution: buildLinkAttribution(link, cameBefore, ownRole === null),
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
  const normalizedCode = normalizeCode(code);
  // Within the caller's own organization: a link of another one is not found.
  const [found] = await ctx.read((q) => [selectLinkByCode(q, normalizedCode, userId)]);
  const visit = toLinkVisit(found);
  const { link, state, accountName, memberRole } = visit;
  if (hasLeftOrganization(actor, visit)) throw linkErrors.notFound();
  const ownRole = roleInRoom(actor, state.room, { person: state.person, memberRole });
  const role = resolveRoleByLink(ownRole, link, state.person);
  const isRaisedByLink = role !== ownRole;
  // Who moderates the room anyway gets nothing from the link, and is bounded by none.
  const isUnboundByLink = visit.lastLinkId !== link.id && isModeratorRole(ownRole) && !isRaisedByLink;
  const cameBefore = visit.lastLinkId === link.id || (isUnboundByLink && state.seat !== undefined);
  await requireLinkEntry(ctx, visit, cameBefore, input.password);
  const admission = await admitByLink(ctx, visit, {
    cameBefore,
    applicant: {
      identity: userId,
      kind: 'user',
      name: input.name ?? accountName ?? userId,
      userId,
      linkId: link.id,
      role,
      extraRoles: [],
      // Who moderates the room anyway is not let in by anybody else.
      needsApproval: link.requireApproval && (isRaisedByLink || !isModeratorRole(ownRole)),
      disabledFeatures: isUnboundByLink ? {} : disabledFeaturesOf(link),
      linkAttribution: isUnboundByLink ? undefined : buildLinkAttribution(link, cameBefore, isRaisedByLink),
    },
  });
  return { admission, roomId: link.roomId };
}
