import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../../kernel/context/index.ts';
import { sendMails } from '../../platform/mail/index.ts';
import { type Delivery, subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { hashInvitationToken, unsealInvitationToken } from './invitation-token.ts';
import { selectInvitationForMail } from './invitations.queries.ts';
import { invitationMailRequested } from './invitations.events.ts';
import { invitationMail, isExpired, isStillOffered } from './invitations.rules.ts';
import type { invitationMailEventSchema } from './invitations.schemas.ts';

type InvitationMailRequest = z.output<typeof invitationMailEventSchema>;

/**
 * Sends the invitation's link by email, unless it was accepted, revoked, resent, has expired or its inviter has lost the
 * right to offer it in the meantime.
 */
async function sendInvitationMail(
  ctx: Ctx,
  { organizationId, invitationId, sealedToken }: InvitationMailRequest,
  { id: key }: Delivery,
): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectInvitationForMail(q, organizationId, invitationId)]);
  if (!found) return;
  const { invitation, organization, inviterName } = found;
  const now = ctx.clock.now();
  if (invitation.status !== 'pending' || isExpired(invitation, now)) return;
  if (!isStillOffered(found, now)) return;
  const token = await unsealInvitationToken(ctx, invitationId, sealedToken);
  if ((await hashInvitationToken(ctx, token)) !== invitation.tokenHash) return;

  const link = new URL('/invitations/accept', ctx.config.APP_URL);
  // After `#`: browsers do not send that part to servers, so no proxy logs it.
  link.hash = `token=${token}`;
  const content = invitationMail({
    organizationName: organization.name,
    inviterName,
    role: invitation.role,
    expiresAt: invitation.expiresAt,
    link: link.href,
  });
  await sendMails(ctx, [{ to: invitation.email, content, key }], {
    kind: 'invitation',
    causedBy: invitation.invitedBy,
  });
}

export const invitationSubscriptions: readonly Subscription[] = [
  subscribe(invitationMailRequested, 'invitations.send-mail', sendInvitationMail),
];
