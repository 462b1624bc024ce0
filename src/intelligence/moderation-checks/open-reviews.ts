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
import { countOpenFlags, selectSubjectKeys } from './moderation-checks.queries.ts';
import type { CheckedSubject } from './subjects.rules.ts';

/** Most flagged reviews of a room: people have enough to review. */
const MOST_FLAGGED = 1_000;
/** Most flagged reviews of one author, so that one author does not crowd out the others. */
const MOST_FLAGGED_OF_AUTHOR = 20;

/** A review, with the immediate consequences. */
interface OpenedReview {
  row: ModerationReview;
  events: DomainEvent[];
  commands: LiveCommand[];
}

/** A finding about a subject, with its consequences. */
export type ReviewFinding = Pick<
  ModerationReview,
  'action' | 'source' | 'rule' | 'phrase' | 'category' | 'severity'
> & { mute: boolean };

const isFlagOnly = ({ action, muted }: ModerationReview): boolean => action === 'flag' && !muted;

/** The review of a subject. A hidden message is deleted in the chat; spoken words cannot be hidden. */
export function openReview(
  ctx: Ctx,
  { seat, role: _role, line: _line, ...subject }: CheckedSubject,
  { mute, ...finding }: ReviewFinding,
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

/** The subjects that are not already under review in their present state. */
export async function withoutReviewed(
  ctx: Ctx,
  roomId: string,
  subjects: readonly CheckedSubject[],
): Promise<CheckedSubject[]> {
  if (subjects.length === 0) return [];
  const { organizationId } = ctx;
  const keys = subjects.map(({ subjectKey }) => subjectKey);
  const [rows] = await ctx.read((q) => [selectSubjectKeys(q, organizationId, roomId, keys)]);
  const known = new Set(rows.map(({ subjectKey }) => subjectKey));
  return subjects.filter(({ subjectKey }) => !known.has(subjectKey));
}

/** The reviews that are kept: all that hide or mute, and those that only flag, within the limits. */
async function withinBounds(
  ctx: Ctx,
  roomId: string,
  opened: readonly OpenedReview[],
): Promise<OpenedReview[]> {
  if (opened.every(({ row }) => !isFlagOnly(row))) return [...opened];
  const [counts] = await ctx.read((q) => [countOpenFlags(q, ctx.organizationId, roomId)]);
  const flagged = new Map(counts.map(({ identity, open }) => [identity, open]));
  let ofRoom = counts.reduce((sum, { open }) => sum + open, 0);
  const kept = opened.filter(({ row }) => {
    if (!isFlagOnly(row)) return true;
    const ofAuthor = flagged.get(row.identity) ?? 0;
    if (ofRoom >= MOST_FLAGGED || ofAuthor >= MOST_FLAGGED_OF_AUTHOR) return false;
    flagged.set(row.identity, ofAuthor + 1);
    ofRoom++;
    return true;
  });
  const left = opened.length - kept.length;
  if (left > 0) ctx.log.warn('moderation.queue_full', { roomId, left });
  return kept;
}

/** The change that opens the kept reviews, for the commit that found them. */
export async function reviewsChange(ctx: Ctx, roomId: string, found: readonly OpenedReview[]) {
  const opened = await withinBounds(ctx, roomId, found);
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
export type ReviewsChange = Awaited<ReturnType<typeof reviewsChange>>;
