import type { Ctx } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { mailContacts, MAX_CONTACTS, selectContacts } from '../contacts/index.ts';
import { type MailStep, type NextCharge, subscriptionMail } from './subscription-mails.rules.ts';
import type { SubscriptionRow } from './state.rules.ts';
import { selectLatest } from './subscriptions.queries.ts';
import type { SubscriptionView } from './subscriptions.schemas.ts';

/**
 * The charge at the end of the trial; undefined when there is none, or the provider refuses the preview.
 * @throws AppError `billing.provider_unavailable`; then the mail is tried again
 */
async function readTrialCharge(ctx: Ctx, row: SubscriptionRow): Promise<NextCharge | undefined> {
  const { provider, providerSubscriptionId } = row;
  try {
    return await ctx.ports.payments.of(provider, ctx.trace).readUpcomingInvoice(providerSubscriptionId);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    ctx.log.warn('billing.trial_charge_unknown', { subscriptionId: row.id, error });
    return undefined;
  }
}

/**
 * Sends the mail about a step of a subscription to owners and administrators, unless the organization is deleted or has
 * another subscription: the end of a surplus subscription changes nothing for them.
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
    const charge = step === 'trial_ending' ? await readTrialCharge(ctx, latest) : undefined;
    await mailContacts(ctx, contacts, delivery.id, (contact) =>
      subscriptionMail(step, subscription, contact, charge),
    );
  };
