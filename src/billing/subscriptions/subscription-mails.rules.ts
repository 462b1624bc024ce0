import { formatDecimal, type Micros } from '../../kernel/money/index.ts';
import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { SubscriptionView } from './subscriptions.schemas.ts';

/** The subjects of mails. */
export type MailStep =
  | 'past_due'
  | 'grace_ending'
  | 'restricted'
  | 'recovered'
  | 'cancelled'
  | 'trial_ending';

/** The next charge, with tax and after discounts and credit. */
export interface NextCharge {
  due: Micros;
  currency: string;
}

const MICRO_DIGITS = 6;
const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const dayOf = (moment: string | null) => (moment === null ? 'soon' : days.format(new Date(moment)));

const amountOf = (charge: NextCharge | undefined) =>
  charge ? `: ${formatDecimal(charge.due, MICRO_DIGITS)} ${charge.currency}, if nothing changes before` : '';

type MailText = (
  organization: string,
  subscription: SubscriptionView,
  charge: NextCharge | undefined,
) => [string, string];

const TEXTS: Record<MailStep, MailText> = {
  past_due: (organization, { plan, graceEndsAt }) => [
    `A payment of ${organization} failed`,
    `The payment for the plan ${plan} failed. It will be tried again, and the plan remains active until ` +
      `${dayOf(graceEndsAt)}. Please check the payment method in the billing settings.`,
  ],
  grace_ending: (organization, { plan, graceEndsAt }) => [
    `The plan of ${organization} ends on ${dayOf(graceEndsAt)}`,
    `The payment for the plan ${plan} is still overdue. Without it the organization is on the free plan from ${dayOf(graceEndsAt)}.`,
  ],
  restricted: (organization, { plan }) => [
    `${organization} is on the free plan`,
    `The payment for the plan ${plan} is overdue, so the limits of the free plan apply. Nothing is deleted, and ` +
      'the plan is restored with the payment.',
  ],
  recovered: (organization, { plan }) => [
    `The payment of ${organization} was made`,
    `The payment for the plan ${plan} was made, and the plan is active again. There is nothing else to do.`,
  ],
  cancelled: (organization, { plan }) => [
    `The subscription of ${organization} has ended`,
    `The subscription to the plan ${plan} has ended, and the organization is on the free plan. Nothing is deleted.`,
  ],
  trial_ending: (organization, { plan, seats, trialEndsAt }, charge) => [
    `The trial of ${organization} ends on ${dayOf(trialEndsAt)}`,
    `The trial of the plan ${plan}${seats === 0 ? '' : ` with ${seats} seats`} ends on ${dayOf(trialEndsAt)}, and the first payment is made then${amountOf(charge)}. It can be cancelled before in the ` +
      'billing settings.',
  ],
};

/** The mail about a step of a subscription to one owner or administrator. */
export function subscriptionMail(
  step: MailStep,
  subscription: SubscriptionView,
  recipient: { name: string; organizationName: string },
  charge?: NextCharge,
): MailContent {
  const [subject, text] = TEXTS[step](toDisplayText(recipient.organizationName), subscription, charge);
  return {
    subject,
    paragraphs: [`Hello ${toDisplayText(recipient.name)},`, text],
    footer: 'Owners and administrators receive this mail.',
  };
}
