import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { type LiveCommand, liveCommandsIssued } from '../../realtime/protocol/index.ts';
import { muteRequested } from '../../rooms/muting/index.ts';
import { moderationDecided, moderationFlagged } from './moderation-reviews.events.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';

/** A subject with a finding. */
export type FoundSubject = Pick<
  ModerationReview,
  | 'roomId'
  | 'callId'
  | 'subject'
  | 'subjectKey'
  | 'messageId'
  | 'identity'
  | 'userId'
  | 'name'
  | 'text'
  | 'threadId'
  | 'replyToId'
  | 'fileIds'
  | 'action'
  | 'source'
  | 'rule'
  | 'phrase'
  | 'category'
  | 'severity'
>;

/** A match of the words of a rule. */
export const foundByWords = (rule: string, phrase: string) =>
  ({ source: 'words', rule, phrase, category: null, severity: null }) as const;

/** A new review. */
export const newReview = (ctx: Ctx, found: FoundSubject, muted: boolean): ModerationReview => ({
  ...found,
  id: ctx.ids.create('moderationReview'),
  organizationId: ctx.organizationId,
  muted,
  state: 'open',
  measure: 'none',
  note: null,
  postedMessageId: null,
  decidedBy: null,
  createdAt: new Date(ctx.clock.now()),
  decidedAt: null,
  version: 1,
});

/** Notifies moderators in the live room of a new or an ended review. */
export const reviewNotice = (
  { id: reviewId, subject, state }: Pick<ModerationReview, 'id' | 'subject' | 'state'>,
  atMs: number,
): LiveCommand => ({
  type: 'moderation.review',
  key: `${reviewId}.${state}`,
  atMs,
  reviewId,
  subject,
  state,
});

/** The author of a mute, when no person decided it. */
const BY_RULE = 'moderation';

/** The events of a new review. @param muteParticipantId the participant whom the rule mutes; null for none */
export function openedEvents(ctx: Ctx, row: ModerationReview, muteParticipantId: string | null) {
  const { id: reviewId, roomId, callId, subject, action } = row;
  const notice = reviewNotice(row, ctx.clock.now());
  const events: DomainEvent[] = [
    moderationFlagged.of({ reviewId, roomId, callId, subject, action }),
    liveCommandsIssued.of({ roomId, commands: [notice] }),
  ];
  if (muteParticipantId !== null && callId !== null)
    events.push(muteOf(roomId, callId, muteParticipantId, BY_RULE));
  return events;
}

/** Mutes the microphone of a participant, as soon as the media cluster answers. */
export const muteOf = (roomId: string, callId: string, participantId: string, by: string): DomainEvent =>
  muteRequested.of({
    roomId,
    callId,
    participantIds: [participantId],
    trackSids: null,
    sources: ['microphone'],
    by,
  });

/** The events of a review that has ended. */
export function endedEvents(ctx: Ctx, row: ModerationReview): DomainEvent[] {
  const { id: reviewId, roomId, callId, subject, state, measure } = row;
  return [
    moderationDecided.of({ reviewId, roomId, callId, subject, state, measure }),
    liveCommandsIssued.of({ roomId, commands: [reviewNotice(row, ctx.clock.now())] }),
  ];
}
