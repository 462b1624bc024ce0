import { formatDecimal } from '../../kernel/money/index.ts';
import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { SpendingAlertRow } from './spending.rules.ts';

const months = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const MICRO_DIGITS = 6;

/** Mails of one day and organization, so that frequent changes of the limit do not flood people. */
export const MAX_MAILS_PER_DAY = 5;

/** The mail about a spending limit to one owner or administrator. */
export function spendingMail(
  { percent, limitMicros, spentMicros, monthStartsAt }: SpendingAlertRow,
  currency: string,
  recipient: { name: string; organizationName: string },
): MailContent {
  const organization = toDisplayText(recipient.organizationName);
  const format = (amount: bigint) => `${formatDecimal(amount, MICRO_DIGITS)} ${currency}`;
  const isReached = percent === 100;
  return {
    subject: isReached
      ? `${organization} has reached its spending limit`
      : `${organization} has spent ${percent}% of its spending limit`,
    paragraphs: [
      `Hello ${toDisplayText(recipient.name)},`,
      `${organization} has spent ${format(spentMicros)} beyond its plan in ${months.format(monthStartsAt)}; its limit is ${format(limitMicros)}.`,
      isReached
        ? 'Until the next month no one can join a call, and running calls end. An owner can raise the limit at ' +
          'any time.'
        : 'When the limit is reached, no one can join a call, and running calls end. An owner can raise the limit ' +
          'at any time.',
    ],
    footer: 'Owners and administrators receive this mail, at most five times a day.',
  };
}
