import { type MailContent, toDisplayText } from '../../platform/mail/index.ts';
import type { StreamReason } from '../streams/index.ts';

const REASON_TEXTS: Readonly<
  Record<Exclude<StreamReason, 'stopped_before_start' | 'limit_reached'>, string>
> = {
  no_recorder: 'no recorder was free to send it',
  bucket_removed: 'the bucket of its segments was removed',
  no_target: 'none of its targets accepted it',
  refused: 'the media server refused it, or one of its addresses is no longer allowed',
  recorder_failed: 'the recorder that sent it failed',
  recorder_aborted: 'the recorder that sent it was aborted',
  recorder_hangs: 'the recorder that sent it did not come to an end',
  not_listed: 'the media server has lost it',
};

/**
 * Whether people get a mail about a stream that ended with this reason: a stream that was stopped before it began did
 * not fail.
 */
export const isReported = (reason: StreamReason | null): reason is keyof typeof REASON_TEXTS =>
  reason !== null && reason in REASON_TEXTS;

interface FailedStream {
  name: string;
  roomName: string;
  organizationName: string;
  startedAt: Date;
}

/** The mail about a stream that failed or was lost, with the reason. */
export const failureMail = (
  reason: keyof typeof REASON_TEXTS,
  { name, roomName, organizationName, startedAt }: FailedStream,
): MailContent => ({
  subject: `Live stream failed: ${toDisplayText(roomName)}`,
  paragraphs: [
    `Hello ${toDisplayText(name)},`,
    `The live stream of "${toDisplayText(roomName)}" of ${toDisplayText(organizationName)}, which was asked for at ` +
      `${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC, failed: ${REASON_TEXTS[reason]}.`,
  ],
  footer: 'You get this mail because you asked for the stream, or created the room.',
});
