import type { CompressionReason } from '../file-compressions/index.ts';
import type { IngressReason } from '../ingresses/index.ts';
import type { PhoneCallReason } from '../phone-calls/index.ts';
import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';

/** The text of each reason in mails; there is no mail for a reason that is missing here. */
type ReasonTexts<Reason extends string> = Readonly<Partial<Record<Reason, string>>>;

const INGRESS_TEXTS: ReasonTexts<IngressReason> = {
  address_refused: 'its address is no longer allowed, or cannot be read',
  refused: 'the media server refused it',
  no_worker: 'no worker was free to read it',
  source_failed: 'its media broke off or could not be read',
  lost: 'the media server has lost it',
};

const PHONE_CALL_TEXTS: ReasonTexts<PhoneCallReason> = {
  line_failed: 'the telephone line failed',
  number_not_allowed: 'its trunk no longer allows the number',
  address_refused: 'the address of its trunk is no longer allowed',
  password_unreadable: 'the password of its trunk can no longer be read',
  refused: 'the media server refused to dial',
  no_worker: 'no telephone line was free',
  too_late: 'it could not be dialed in time',
  lost: 'the media server has lost it',
};

const COMPRESSION_TEXTS: ReasonTexts<CompressionReason> = {
  refused: 'its content cannot be read, or is not accepted',
  too_long: 'it takes longer than a compression may',
  given_up: 'it was begun several times and never ended',
  service_unavailable: 'the compression service was away for too long',
};

const textOf =
  <Reason extends string>(texts: ReasonTexts<Reason>) =>
  (reason: Reason | null): string | undefined =>
    reason === null ? undefined : texts[reason];

/** The text of a reason for which people get a mail; undefined for others. */
export const ingressTextOf = textOf(INGRESS_TEXTS);
export const phoneCallTextOf = textOf(PHONE_CALL_TEXTS);
export const compressionTextOf = textOf(COMPRESSION_TEXTS);

interface FailureText {
  subject: string;
  /** What failed, as the beginning of a sentence. */
  what: string;
  /** When that was asked for, or came to its present state. */
  at: Date;
  text: string;
  /** Why this person gets the mail. */
  because: string;
}

/** The mail about a failure: what failed, when, and why. */
export const failureMail = (
  name: string,
  { subject, what, at, text, because }: FailureText,
): MailContent => ({
  subject,
  paragraphs: [
    `Hello ${toDisplayText(name)},`,
    `${what} failed at ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC: ${text}.`,
  ],
  footer: `You get this mail because you ${because}.`,
});
