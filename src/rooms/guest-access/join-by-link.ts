import { issueGuestTicket } from '../../identity/access/index.ts';
import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { disabledFeaturesOf } from '../access/index.ts';
import { activeLobbyEntry } from '../admission/index.ts';
import { linkErrors, normalizeCode, selectLinkByCode } from '../links/index.ts';
import { admitByLink, buildLinkAttribution, requireLinkAccess, toLinkVisit } from './admit-by-link.ts';
import type { GuestAdmissionView, JoinByLink } from './guest-access.schemas.ts';
import { deriveGuestId } from './identify-visitor.ts';

/** The common fields of guests as applicants: they have no account, and only their link gives them access. */
const GUEST = { kind: 'guest', userId: null, credential: null, extraRoles: [] } as const;

/**
 * Admits a guest to the room that a link leads to, or to its lobby. Once they are admitted there, they get their token
 * with their guest ticket.
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
  const isReturning = visit.lastLinkId === link.id;
  await requireLinkAccess(ctx, visit, isReturning, password);
  const ownRole = state.person?.role ?? null;
  // Somebody who is waiting keeps the role that the moderators see them ask for.
  const role = ownRole ?? activeLobbyEntry(state, ctx.clock.now())?.role ?? link.defaultRole;
  const { organizationId, roomId, id: linkId } = link;
  const admission = await admitByLink(ctx, visit, {
    isReturning,
    scope: { role: 'app', organizationId, userId: guestId },
    applicant: {
      ...GUEST,
      identity: guestId,
      name,
      linkId,
      role,
      recordingConsent: input.recordingConsent,
      needsApproval: link.requireApproval,
      disabledFeatures: disabledFeaturesOf(link),
      linkAttribution: buildLinkAttribution(link, isReturning, ownRole === null),
    },
  });
  const guest = { guestId, organizationId, roomId, linkId, name };
  return {
    ...admission,
    roomId,
    ...(await issueGuestTicket(ctx, guest)),
  };
}
