import type { AuditEntry } from '../../kernel/audit/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { findFilesToShow } from '../../messaging/chat/index.ts';
import { type LiveCommand, liveCommandsIssued, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { type RoomAccess, requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import {
  removalChange,
  requireAuthorityOver,
  requireCallOfTarget,
  requireTarget,
  selectTargetOf,
} from '../../rooms/moderation/index.ts';
import {
  deleteCommand,
  isPosted,
  postCommand,
  refusalNotice,
  requireDecidable,
  wasShown,
} from './decision.rules.ts';
import type { ReviewMeasure } from './moderation-reviews.enums.ts';
import { reviewErrors } from './moderation-reviews.errors.ts';
import { changeReview, selectReview } from './moderation-reviews.queries.ts';
import type { DecideReview } from './moderation-reviews.schemas.ts';
import type { ModerationReview } from './moderation-reviews.tables.ts';
import { holdPostable } from './posting.queries.ts';
import { endedEvents, muteOf, reviewNotice } from './review-records.ts';

/** The measure of a decision against the author, for its commit. */
interface MeasureChange {
  write(q: Queries): Statement[];
  audit: AuditEntry[];
  events: DomainEvent[];
}
const NO_MEASURE: MeasureChange = { write: () => [], audit: [], events: [] };

/** @throws AppError `moderation.*` when the caller may not do this to the author */
async function planMeasure(
  ctx: Ctx,
  access: RoomAccess,
  { roomId, identity }: ModerationReview,
  measure: ReviewMeasure,
): Promise<MeasureChange> {
  if (measure === 'none') return NO_MEASURE;
  const [[found]] = await ctx.read((q) => [selectTargetOf(q, ctx.organizationId, roomId, identity)]);
  const target = requireTarget(access, found);
  const { id: participantId } = target.participant;
  if (measure === 'mute') {
    const call = requireCallOfTarget(access, target);
    return {
      ...NO_MEASURE,
      audit: [
        {
          action: 'participant.mute_requested',
          target: { type: 'room', id: roomId },
          after: { tracks: [{ participantId, trackSid: null }] },
        },
      ],
      events: [muteOf(roomId, call.id, participantId, access.identity)],
    };
  }
  requireAuthorityOver(ctx.actor, access, target);
  const removedAt = target.person?.removedAt ?? new Date(ctx.clock.now());
  const { write, audit, events } = removalChange(ctx, { roomId }, target, {
    removedAt,
    excludesNetwork: true,
  });
  return { write, audit: [audit], events };
}

/** The message as it is posted now, with those of its files that its author may still show. */
async function planPost(ctx: Ctx, row: ModerationReview) {
  const { roomId, identity } = row;
  const files = row.fileIds.length === 0 ? [] : await findFilesToShow(ctx, roomId, identity, row.fileIds);
  const postedMessageId = wasShown(row) ? ctx.ids.create('message') : row.messageId!;
  const command = postCommand({ ...row, postedMessageId }, files, ctx.clock.now());
  return { postedMessageId, command };
}

/** The commands to the room when the subject may not be shown. */
function confirmCommands(ctx: Ctx, row: ModerationReview, by: string): LiveCommand[] {
  const atMs = ctx.clock.now();
  if (row.action === 'hide') return [refusalNotice(row, atMs)];
  return row.messageId === null ? [] : [deleteCommand(row, row.messageId, by, atMs)];
}

/** The fields of the review that a decision changes. */
const decidedFields = (
  { actor, clock }: Ctx,
  { decision, measure, note }: DecideReview,
  postedMessageId: string | null,
) => ({
  state: decision === 'approve' ? ('approved' as const) : ('confirmed' as const),
  measure,
  note: note ?? null,
  postedMessageId,
  decidedBy: actor.kind === 'user' ? actor.userId : null,
  decidedAt: new Date(clock.now()),
});

/**
 * Decides a waiting review. Decision, measure and the commands to the room are one commit.
 * @throws AppError `rooms.not_found`, `moderation.*`, `moderation_reviews.*` or `request.stale`
 */
export async function decideReview(
  ctx: Ctx,
  { roomId, reviewId }: { roomId: string; reviewId: string },
  { decision, measure, note }: DecideReview,
): Promise<ModerationReview> {
  const [access, [row]] = await requireRoomAccess(ctx, { roomId }, (q) => [
    selectReview(q, ctx.organizationId, roomId, reviewId),
  ]);
  requireModerator(access);
  if (!row) throw reviewErrors.notFound();
  requireDecidable(row, access.identity);
  const planned = await planMeasure(ctx, access, row, measure);
  const post = isPosted(row, decision) ? await planPost(ctx, row) : null;
  const set = decidedFields(ctx, { decision, measure, note }, post?.postedMessageId ?? null);
  const after: ModerationReview = { ...row, ...set, version: row.version + 1 };
  const shown = decision === 'confirm' ? confirmCommands(ctx, row, access.identity) : [];
  const commands = post ? [post.command] : shown;
  await ctx.commit({
    write: (q) => [changeReview(q, row, set), ...(post ? holdPostable(q, row) : []), ...planned.write(q)],
    audit: [
      {
        action: 'moderation.decided',
        target: { type: 'room', id: roomId },
        after: { reviewId, state: set.state, measure, identity: row.identity },
      },
      ...planned.audit,
    ],
    events: [
      ...endedEvents(ctx, after),
      ...(commands.length > 0 ? [liveCommandsIssued.of({ roomId, commands })] : []),
      ...planned.events,
    ],
    result: after,
  });
  await sendLiveCommands(ctx, roomId, [...commands, reviewNotice(after, ctx.clock.now())]);
  return after;
}
