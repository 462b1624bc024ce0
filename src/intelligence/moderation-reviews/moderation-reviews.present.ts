import type { ReviewView, ReviewWithContextView } from './moderation-reviews.schemas.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';
import type { ReviewWithContext } from './read-reviews.ts';

/** A review as the API shows it. */
export const presentReview = (row: ModerationReview): ReviewView => ({
  id: row.id,
  roomId: row.roomId,
  callId: row.callId,
  subject: row.subject,
  state: row.state,
  action: row.action,
  source: row.source,
  rule: row.rule,
  category: row.category,
  severity: row.severity,
  phrase: row.phrase,
  muted: row.muted,
  author: { identity: row.identity, name: row.name },
  text: row.text,
  messageId: row.messageId,
  fileIds: [...row.fileIds],
  postedMessageId: row.postedMessageId,
  measure: row.measure,
  note: row.note,
  decidedBy: row.decidedBy,
  createdAt: row.createdAt.toISOString(),
  decidedAt: row.decidedAt?.toISOString() ?? null,
});

export const presentReviewWithContext = ({ review, context }: ReviewWithContext): ReviewWithContextView => ({
  ...presentReview(review),
  context: context.map(({ sentAt, ...message }) => ({ ...message, sentAt: sentAt.toISOString() })),
});
