import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import {
  type Page,
  pageOf,
  type OrderedPageQuery,
  readPageRange,
  requirePermission,
} from '../../kernel/core/index.ts';
import { requireOwnOrganization } from '../organizations/index.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { invitationErrors } from './invitations.errors.ts';
import {
  selectInvitation,
  selectInvitationByToken,
  selectInvitedUser,
  type InvitationRow,
  selectInvitations,
} from './invitations.queries.ts';
import {
  type Invitation,
  isExpired,
  requirePending,
  requireStillOffered,
  withEffectiveStatus,
} from './invitations.rules.ts';

/**
 * The organization's invitations.
 * @throws AppError `organizations.not_found` or `auth.forbidden`
 */
export async function listInvitations(
  ctx: Ctx,
  organizationId: string,
  page: OrderedPageQuery,
): Promise<Page<Invitation>> {
  requirePermission(ctx.actor, 'invitations:read');
  requireOwnOrganization(ctx, organizationId);
  const range = readPageRange(page);
  const [rows] = await ctx.read((q) => [selectInvitations(q, organizationId, range)]);
  const now = ctx.clock.now();
  return pageOf(
    rows.map((row) => withEffectiveStatus(row, now)),
    page.limit,
    ({ id }) => id,
  );
}

/** @throws AppError `organizations.not_found`, `invitations.not_found` or `auth.forbidden` */
export async function getInvitation(
  ctx: Ctx,
  organizationId: string,
  invitationId: string,
): Promise<Invitation> {
  requirePermission(ctx.actor, 'invitations:read');
  requireOwnOrganization(ctx, organizationId);
  const [[row]] = await ctx.read((q) => [selectInvitation(q, organizationId, invitationId)]);
  if (!row) throw invitationErrors.notFound();
  return withEffectiveStatus(row, ctx.clock.now());
}

/** What an invitation offers, for the holder of its token. */
export interface InvitationPreview {
  invitation: InvitationRow;
  organizationName: string;
  inviterName: string | null;
  expired: boolean;
  /** Whether the invited address has an account. */
  hasAccount: boolean;
}

/**
 * The offer of an invitation, for the holder of its token. In the system scope, because they belong to no organization
 * yet.
 * @throws AppError `invitations.not_found`, `invitations.revoked` or `invitations.already_accepted`
 */
export async function previewInvitation(ctx: Ctx, token: string): Promise<InvitationPreview> {
  const tokenHash = await hashInvitationToken(ctx, token);
  const [[found], [account]] = await ctx.read(
    (q) => [selectInvitationByToken(q, tokenHash), selectInvitedUser(q, tokenHash)],
    systemScope,
  );
  if (!found) throw invitationErrors.notFound();
  const { invitation, organization, inviterName } = found;
  requirePending(invitation);
  requireStillOffered(found, ctx.clock.now());
  return {
    invitation,
    organizationName: organization.name,
    inviterName,
    expired: isExpired(invitation, ctx.clock.now()),
    hasAccount: account !== undefined,
  };
}
