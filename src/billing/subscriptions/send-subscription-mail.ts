import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { mailContacts, MAX_CONTACTS, selectContacts } from '../contacts/index.ts';
import { type MailStep, subscriptionMail } from './subscription-mails.rules.ts';
import { selectLatest } from './subscriptions.queries.ts';
import type { SubscriptionView } from './subscriptions.schemas.ts';

/**
 * Sends the mail of a step to owners and administrators; none when the organization is deleted, or has another subscription than
 * the one that the step is of: one that was cancelled as surplus changes nothing for them.
 */
export const sendSubscriptionMail =
  (step: MailStep) =>
  async (
    ctx: Ctx,
    { subscription }: { subscription: SubscriptionView },
    delivery: Delivery,
  ): Promise<void> => {
    const { organizationId } = ctx;
    const [contacts, [latest]] = await ctx.read((q) => [
      selectContacts(q, organizationId, MAX_CONTACTS),
      selectLatest(q, organizationId),
    ]);
    if (latest?.id !== subscription.id) return;
    await mailContacts(ctx, contacts, delivery.id, (contact) =>
      subscriptionMail(step, subscription, contact),
    );
  };
