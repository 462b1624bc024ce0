import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { RecordingReason } from '../recordings/index.ts';

const REASON_TEXTS: Readonly<
  Record<Exclude<RecordingReason, 'stopped_before_start' | 'limit_reached'>, string>
> = {
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
};

/**
 * Whether people get a mail about a recording that ended with this reason: a recording that was stopped before it began
 * did not fail.
 */
export const isReported = (reason: RecordingReason | null): reason is keyof typeof REASON_TEXTS =>
  reason !== null && reason in REASON_TEXTS;

/** The mail about a recording that failed or was lost, with the reason. */
export const failureMail = (
  reason: keyof typeof REASON_TEXTS,
  {
    name,
    roomName,
    organizationName,
    startedAt,
  }: { name: string; roomName: string; organizationName: string; startedAt: Date },
): MailContent => ({
  subject: `Recording failed: ${toDisplayText(roomName)}`,
  paragraphs: [
    `Hello ${toDisplayText(name)},`,
    `The recording of "${toDisplayText(roomName)}" of ${toDisplayText(organizationName)}, which was asked for at ` +
      `${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, failed: ${REASON_TEXTS[reason]}.`,
  ],
  footer: 'You get this mail because you asked for the recording, or created the room.',
});
