import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { MeterView } from '../meters/index.ts';
import type { AlertRow } from './alerts.rules.ts';

const numbers = new Intl.NumberFormat('en-GB');
const months = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The mail about an alert to one owner or administrator. Quantities are in whole units of plans and prices. */
export function alertMail(
  { percent, quantity, usedQuantity, periodStartsAt }: AlertRow,
  { name: meter, unitQuantity }: Pick<MeterView, 'name' | 'unitQuantity'>,
  recipient: { name: string; organizationName: string },
): MailContent {
  const format = (amount: number) => numbers.format(Math.floor(amount / unitQuantity));
  const counted = meter.replaceAll('_', ' ');
  const organization = toDisplayText(recipient.organizationName);
  const reached =
    percent === null
      ? `This is above the threshold of ${format(quantity)} that your organization set.`
      : `Your plan includes ${format((quantity * 100) / percent)} in a month; ${percent}% of that is used.`;
  return {
    subject:
      percent === null
        ? `${organization} has reached a usage threshold: ${counted}`
        : `${organization} has used ${percent}% of its included ${counted}`,
    paragraphs: [
      `Hello ${toDisplayText(recipient.name)},`,
      `Usage of ${organization} in ${months.format(periodStartsAt)}, ${counted}: ${format(usedQuantity)}.`,
      reached,
    ],
    footer: 'Owners and administrators receive this mail, at most five times a day.',
  };
}
