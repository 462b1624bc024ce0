import { type LiveCommand, type MessageFile, publicIdentity } from '../../realtime/protocol/index.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';

/** The identity that the room shows as the one who deleted a message, when no person did. */
const MODERATION_IDENTITY = 'agt_~moderation';

/** @throws AppError `moderation_reviews.decided` or `moderation_reviews.own_message` */
export function requireDecidable({ state, identity }: ModerationReview, decider: string): void {
  if (state !== 'open') throw reviewErrors.decided();
  if (identity === decider) throw reviewErrors.ownMessage();
}

/** Whether the decision posts the message: it was hidden, and may be shown now. */
export const isPosted = ({ action }: ModerationReview, decision: 'approve' | 'confirm'): boolean =>
  decision === 'approve' && action === 'hide';

/** Whether the chat has shown the message; it is then deleted there, and a deleted message does not come back. */
export const wasShown = ({ subjectKey, messageId }: ModerationReview): boolean =>
  messageId !== null && subjectKey.startsWith(messageId);

/** The command that posts an approved message in the room. */
export const postCommand = (
  row: ModerationReview & { postedMessageId: string },
  files: readonly MessageFile[],
  atMs: number,
): LiveCommand => ({
  type: 'chat.post',
  key: `${row.id}.post`,
  atMs,
  messageId: row.postedMessageId,
  identity: row.identity,
  name: row.name,
  text: row.text,
  threadId: row.threadId,
  replyTo: row.replyToId,
  files: [...files],
});

/** Deletes a message for everybody. @param by the identity that decided */
export const deleteCommand = (
  { id }: Pick<ModerationReview, 'id'>,
  messageId: string,
  by: string | null,
  atMs: number,
): LiveCommand => ({
  type: 'chat.delete',
  key: `${id}.delete`,
  atMs,
  messageId,
  identity: (by !== null && publicIdentity(by)) || MODERATION_IDENTITY,
});

/** Notifies the author of a hidden message that it will not be shown. */
export const refusalNotice = ({ id, identity }: ModerationReview, atMs: number): LiveCommand => ({
  type: 'notice',
  key: `${id}.notice`,
  atMs,
  level: 'info',
  code: 'moderation.confirmed',
  text: 'A moderator did not allow one of your messages.',
  to: [identity],
});
