import type { z } from '@hono/zod-openapi';
import type { Ctx } from '../../platform/context/index.ts';
import { renderMail } from '../../platform/mail/index.ts';
import { defineJob, type Delivery, type Job } from '../../platform/outbox/index.ts';
import { hashOfToken, openToken } from './invitation-token.ts';
import { findInvitationToMail } from './invitations.queries.ts';
import { invitationMail, isExpired } from './invitations.rules.ts';
import { invitationEffectSchema, invitationMailSchema } from './invitations.schemas.ts';

type MailRequest = z.output<typeof invitationMailSchema>;

/** Mails the invitation's link, unless the invitation was decided, has expired or was sent anew meanwhile. */
async function mailInvitation(
  ctx: Ctx,
  { organizationId, invitationId, sealedToken }: MailRequest,
  { id }: Delivery,
): Promise<void> {
  const [[found]] = await ctx.read((q) => [findInvitationToMail(q, organizationId, invitationId)]);
  if (!found) return;
  const { invitation, organization, inviterName } = found;
  if (invitation.status !== 'pending' || isExpired(invitation, ctx.clock.now())) return;
  const token = await openToken(ctx, invitationId, sealedToken);
  if ((await hashOfToken(ctx, token)) !== invitation.tokenHash) return;

  const link = new URL('/invitations/accept', ctx.config.APP_URL);
  // After `#`, which no browser sends to a server and no proxy logs.
  link.hash = `token=${token}`;
  const content = invitationMail({
    organizationName: organization.name,
    inviterName,
    role: invitation.role,
    expiresAt: invitation.expiresAt,
    link: link.href,
  });
  await ctx.ports.mailer.send({ to: invitation.email, ...renderMail(content), idempotencyKey: id });
}

const INVITATION_EVENTS = [
  'invitation.created',
  'invitation.resent',
  'invitation.revoked',
  'invitation.accepted',
] as const;

export const invitationJobs: readonly Job[] = [
  defineJob({ type: 'invitation.mail_requested', payload: invitationMailSchema, handle: mailInvitation }),
  // Events that rooms further on may act on; here nothing more follows from them.
  ...INVITATION_EVENTS.map((type) => defineJob({ type, payload: invitationEffectSchema })),
];
