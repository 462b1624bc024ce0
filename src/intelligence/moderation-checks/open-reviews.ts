import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { type LiveCommand, liveCommandsIssued } from '../../realtime/protocol/index.ts';
import {
  deleteCommand,
  insertReview,
  type ModerationReview,
  newReview,
  openedEvents,
} from '../moderation-reviews/index.ts';
import { countOpenReviews, selectSubjectKeys } from './moderation-checks.queries.ts';
import type { CheckedSubject } from './subjects.rules.ts';

/** Beyond this nothing more of a room is put up for review: people have enough to look at. */
const MOST_OPEN = 1_000;

/** A review, and what follows at once. */
interface OpenedReview {
  row: ModerationReview;
  events: DomainEvent[];
  commands: LiveCommand[];
}

/** What is found about something, and what follows. */
export type Finding = Pick<
  ModerationReview,
  'action' | 'source' | 'rule' | 'phrase' | 'category' | 'severity'
> & { mute: boolean };

/** The review of a subject. A message that is hidden is deleted in the chat; what was said cannot be hidden. */
export function openReview(
  ctx: Ctx,
  { seat, line: _line, ...subject }: CheckedSubject,
  { mute, ...finding }: Finding,
): OpenedReview {
  const isMuted = mute && seat !== null;
  const action = subject.subject === 'caption' ? 'flag' : finding.action;
  const row = newReview(ctx, { ...subject, ...finding, action }, isMuted);
  const { messageId } = subject;
  const isHidden = action === 'hide' && messageId !== null;
  return {
    row,
    commands: isHidden ? [deleteCommand(row, messageId, null, ctx.clock.now())] : [],
    events: openedEvents(ctx, row, isMuted ? seat.participantId : null),
  };
}

/** Those of the subjects that are not under review as they are, and for which the queue of the room has place. */
export async function withoutReviewed(
  ctx: Ctx,
  roomId: string,
  subjects: readonly CheckedSubject[],
): Promise<CheckedSubject[]> {
  if (subjects.length === 0) return [];
  const { organizationId } = ctx;
  const keys = subjects.map(({ subjectKey }) => subjectKey);
  const [rows, [count]] = await ctx.read((q) => [
    selectSubjectKeys(q, organizationId, roomId, keys),
    countOpenReviews(q, organizationId, roomId),
  ]);
  const known = new Set(rows.map(({ subjectKey }) => subjectKey));
  const left = subjects.filter(({ subjectKey }) => !known.has(subjectKey));
  const place = Math.max(0, MOST_OPEN - (count?.open ?? 0));
  if (left.length > place) ctx.log.warn('moderation.queue_full', { roomId, left: left.length - place });
  return left.slice(0, place);
}

/** The change that begins reviews, for the commit of what found them. */
export function reviewsChange(roomId: string, opened: readonly OpenedReview[]) {
  const commands = opened.flatMap((each) => each.commands);
  return {
    found: opened.length,
    commands,
    write: (q: Queries): Statement[] => opened.map(({ row }) => insertReview(q, row)),
    audit: opened.map(({ row: { id: reviewId, identity, source, rule, category, action } }): AuditEntry => ({
      action: 'moderation.flagged',
      target: { type: 'room', id: roomId },
      after: { reviewId, identity, source, rule, category, action },
    })),
    events: [
      ...opened.flatMap((each) => each.events),
      ...(commands.length > 0 ? [liveCommandsIssued.of({ roomId, commands })] : []),
    ],
  };
}
export type ReviewsChange = ReturnType<typeof reviewsChange>;
