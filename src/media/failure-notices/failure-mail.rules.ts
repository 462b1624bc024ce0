import type { CompressionReason } from '../file-compressions/index.ts';
import type { IngressReason } from '../ingresses/index.ts';
import type { PhoneCallReason } from '../phone-calls/index.ts';
import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { RecordingReason } from '../recordings/index.ts';
import type { StreamReason } from '../streams/index.ts';

/** What was stopped before it began, or was cut, did not fail. */
type NoFailure = 'stopped_before_start' | 'limit_reached';

interface ReasonTexts {
  recording: Record<Exclude<RecordingReason, NoFailure>, string>;
  stream: Record<Exclude<StreamReason, NoFailure>, string>;
  ingress: Partial<Record<IngressReason, string>>;
  phone_call: Partial<Record<PhoneCallReason, string>>;
  compression: Partial<Record<CompressionReason, string>>;
}

/** The text of each reason in mails; there is no mail for a reason that is missing here. */
const TEXTS: Readonly<ReasonTexts> = {
  recording: {
    no_recorder: 'no recorder was free',
    consent_missing: 'not everybody in the call agreed to be recorded',
    bucket_removed: 'its bucket was removed',
    no_storage: 'the service no longer has storage for recordings',
    refused: 'the media server refused it, or the address of its bucket is no longer allowed',
    recorder_failed: 'the recorder failed',
    recorder_aborted: 'the recorder was aborted',
    recorder_hangs: 'the recorder did not come to an end',
    no_file: 'the recorder wrote no file',
    object_missing: 'its file is not in its storage',
    size_differs: 'its file differs in size from the report of the recorder',
    duration_differs: 'its file cannot have the duration that the recorder reported',
    not_verified: 'its storage did not answer about its file',
    not_listed: 'the media server has lost it',
  },
  stream: {
    no_recorder: 'no recorder was free to send it',
    bucket_removed: 'the bucket of its segments was removed',
    no_target: 'none of its targets accepted it',
    refused: 'the media server refused it, or one of its addresses is no longer allowed',
    recorder_failed: 'the recorder that sent it failed',
    recorder_aborted: 'the recorder that sent it was aborted',
    recorder_hangs: 'the recorder that sent it did not come to an end',
    not_listed: 'the media server has lost it',
  },
  ingress: {
    address_refused: 'its address is no longer allowed, or cannot be read',
    refused: 'the media server refused it',
    no_worker: 'no worker was free to read it',
    source_failed: 'its media broke off or could not be read',
    lost: 'the media server has lost it',
  },
  phone_call: {
    line_failed: 'the telephone line failed',
    number_not_allowed: 'its trunk no longer allows the number',
    address_refused: 'the address of its trunk is no longer allowed',
    password_unreadable: 'the password of its trunk can no longer be read',
    refused: 'the media server refused to dial',
    no_worker: 'no telephone line was free',
    too_late: 'it could not be dialed in time',
    lost: 'the media server has lost it',
  },
  compression: {
    refused: 'its content cannot be read, or is not accepted',
    too_long: 'it takes longer than a compression may',
    given_up: 'it was begun several times and never ended',
    service_unavailable: 'the compression service was away for too long',
  },
};

/** The text of a reason for which people get a mail; undefined for others. */
export function textOf(kind: keyof ReasonTexts, reason: string | null): string | undefined {
  const texts: Readonly<Record<string, string>> = TEXTS[kind];
  return reason === null ? undefined : texts[reason];
}

/** A moment in a mail. */
export const utcText = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A room in a mail. */
export const roomText = ({ roomName, organizationName }: { roomName: string; organizationName: string }) =>
  `"${toDisplayText(roomName)}" of ${toDisplayText(organizationName)}`;

interface FailureText {
  subject: string;
  /** What failed, and when: a sentence without its end. */
  failed: string;
  /** Why, as `textOf` has it. */
  text: string;
  /** Why this person gets the mail. */
  because: string;
}

/** The mail about a failure: what failed, when, and why. */
export const failureMail = (name: string, { subject, failed, text, because }: FailureText): MailContent => ({
  subject,
  paragraphs: [`Hello ${toDisplayText(name)},`, `${failed}: ${text}.`],
  footer: `You get this mail because you ${because}.`,
});
