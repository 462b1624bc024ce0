import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { PauseReason } from './report-schedules.enums.ts';

interface Addressee {
  name: string;
  organizationName: string;
}

const hello = ({ name }: Addressee) => `Hello ${toDisplayText(name)},`;
const nameOf = (report: string, { organizationName }: Addressee) =>
  `"${toDisplayText(report)}" of ${toDisplayText(organizationName)}`;

/** The mail that a report is ready. The link works for signed-in users who may see it. */
export const readyMail = (
  report: string,
  addressee: Addressee,
  { link, until }: { link: string; until: string },
): MailContent => ({
  subject: `Report: ${toDisplayText(report)}`,
  paragraphs: [
    hello(addressee),
    `The report ${nameOf(report, addressee)} is ready. It can be downloaded until ${until}.`,
  ],
  action: { label: 'Open the report', url: link },
  footer: 'You get this mail because you are a recipient of a scheduled report.',
});

/** The mail that a run failed, for the first time since one succeeded. */
export const failedMail = (report: string, addressee: Addressee, reason: string): MailContent => ({
  subject: `Report failed: ${toDisplayText(report)}`,
  paragraphs: [
    hello(addressee),
    `The scheduled report ${nameOf(report, addressee)} could not be created (${reason}). It will be tried again ` +
      'at its next date; after three failures in a row the schedule pauses.',
  ],
});

const PAUSED: Readonly<Record<Exclude<PauseReason, 'requested'>, string>> = {
  failures: 'three runs in a row have failed',
  owner: 'the member in whose name it runs may no longer see the report',
  recipients: 'none of its recipients may see the report any longer',
};

/** The mail that a schedule pauses until it is set again. */
export const pausedMail = (
  report: string,
  addressee: Addressee,
  reason: keyof typeof PAUSED,
): MailContent => ({
  subject: `Report paused: ${toDisplayText(report)}`,
  paragraphs: [
    hello(addressee),
    `The schedule of the report ${nameOf(report, addressee)} is paused, because ${PAUSED[reason]}. Set the schedule again to continue.`,
  ],
});
