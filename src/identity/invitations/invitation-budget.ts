import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, serverErrors } from '../../kernel/core/index.ts';
import type { LimitDecision } from '../../platform/http/index.ts';
import { budgetOnPlan, MAIL_BUDGETS, takeMailOf, takeMailOfOrganization } from '../../platform/mail/index.ts';
import { invitationErrors } from './invitations.errors.ts';

/** @throws AppError `invitations.too_many`, or `server.unavailable` when nothing can be counted */
function requireWithin(
  { admitted, degraded, rule, resetSeconds, cause }: LimitDecision,
  whose: string,
): void {
  if (admitted) return;
  const retryAfterSeconds = resetSeconds;
  if (degraded)
    throw serverErrors.unavailable({
      detail: 'invitations cannot be counted at the moment',
      retryAfterSeconds,
      cause,
    });
  const period = rule.windowSeconds === 3_600 ? 'an hour' : 'a day';
  throw invitationErrors.tooMany({ detail: `at most ${rule.limit} ${period} ${whose}`, retryAfterSeconds });
}

/**
 * Counts the mail of an invitation for its sender, its organization and its mailbox, in this order, so that a sender who has
 * none left uses up nothing of the others'.
 * @throws AppError `invitations.too_many` or `server.unavailable`
 */
export async function takeInvitationMail(ctx: Ctx, organizationId: string, email: string): Promise<void> {
  const { actor, hasher } = ctx;
  const plan = actor.kind === 'user' || actor.kind === 'apiKey' ? actor.plan : null;
  const { invitationsBySender, invitationsByOrganization, invitationsToMailbox } = MAIL_BUDGETS;
  const [sender, mailbox] = await Promise.all([
    hasher.hash('mails', actorId(actor) ?? ''),
    hasher.hash('email', email),
  ]);
  requireWithin(await takeMailOf(ctx, sender, budgetOnPlan(invitationsBySender, plan)), 'by one sender');
  const ofOrganization = budgetOnPlan(invitationsByOrganization, plan);
  requireWithin(await takeMailOfOrganization(ctx, organizationId, ofOrganization), 'by one organization');
  requireWithin(await takeMailOf(ctx, mailbox, invitationsToMailbox), 'to one address');
}
