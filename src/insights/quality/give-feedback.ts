import type { Ctx } from '../../kernel/context/index.ts';
import { requireReportedParticipant, resolveParticipantRef } from './store-samples.ts';
import { type FeedbackRow, selectReportedParticipant, upsertFeedback } from './quality.queries.ts';
import type { FeedbackInput } from './quality.schemas.ts';

/**
 * Stores a participant's feedback on a call; it replaces earlier feedback.
 * @throws AppError `quality.call_not_found` or `request.invalid`
 */
export async function giveFeedback(ctx: Ctx, callId: string, input: FeedbackInput): Promise<FeedbackRow> {
  const { organizationId } = ctx;
  const participantRef = resolveParticipantRef(ctx, callId, input.participantId);
  const [[found]] = await ctx.read((q) => [selectReportedParticipant(q, organizationId, participantRef)]);
  const { participantId } = requireReportedParticipant(ctx, found);
  const now = new Date(ctx.clock.now());
  const { rating, reasons, comment } = input;
  const row: FeedbackRow = {
    participantId,
    organizationId,
    callId,
    rating,
    reasons,
    comment: comment || null,
    createdAt: now,
    updatedAt: now,
  };
  return ctx.commit({ write: (q) => [upsertFeedback(q, row)], result: row });
}
