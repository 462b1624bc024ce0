import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { AiAlertKind } from './ai-alerts.enums.ts';
import type { AiAlert } from './ai-alerts.tables.ts';

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 2 });
const percent = (value: number) => `${numbers.format(value * 100)} %`;
const seconds = (value: number) => `${numbers.format(value)} s`;
const amount = (micros: number) => numbers.format(micros / 1_000_000);

const TEXTS: Readonly<Record<AiAlertKind, { title: string; format: (value: number) => string }>> = {
  failure_share: { title: 'answers that failed in an hour', format: percent },
  first_output_p95: { title: 'time to the first output (95th percentile of an hour)', format: seconds },
  duration_p95: { title: 'time to the end of an answer (95th percentile of an hour)', format: seconds },
  thumbs_up_share: { title: 'share of thumbs up in 24 hours', format: percent },
  mean_score: { title: 'mean score of ratings in 24 hours', format: (value) => numbers.format(value) },
  cost: { title: 'cost of answers in 24 hours', format: amount },
};

/** The mail about an alert to one owner or administrator. */
export function alertMail(
  { kind, model, feature, evidence: { value, threshold } }: AiAlert,
  recipient: { name: string; organizationName: string },
): MailContent {
  const { title, format } = TEXTS[kind];
  const organization = toDisplayText(recipient.organizationName);
  const about = [model && `model ${toDisplayText(model)}`, feature && `feature ${feature}`].filter(Boolean);
  return {
    subject: `AI answers of ${organization} have passed a threshold: ${title}`,
    paragraphs: [
      `Hello ${toDisplayText(recipient.name)},`,
      `${title[0]!.toUpperCase()}${title.slice(1)}: ${format(value)}; the threshold of ${organization} is ${format(threshold)}.`,
      about.length === 0
        ? 'It was measured over all models and features.'
        : `It was measured for ${about.join(', ')}.`,
    ],
    footer: 'Owners and administrators receive this mail, at most five times a day.',
  };
}
