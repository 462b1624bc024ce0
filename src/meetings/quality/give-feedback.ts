import type { Ctx } from '../../platform/context/index.ts';
import { requireSpeaker, whoIsMeant } from './keep-samples.ts';
import { type Feedback, findSpeaker, putFeedback } from './quality.queries.ts';
import type { GiveFeedback } from './quality.schemas.ts';

/**
 * Keeps what a participant says of a call; said again it replaces what they said before.
 * @throws AppError `quality.call_not_found` or `request.invalid`
 */
export async function giveFeedback(ctx: Ctx, callId: string, input: GiveFeedback): Promise<Feedback> {
  const { organizationId } = ctx;
  const who = whoIsMeant(ctx, callId, input.participantId);
  const [[found]] = await ctx.read((q) => [findSpeaker(q, organizationId, who)]);
  const { participantId } = requireSpeaker(ctx, found);
  const now = new Date(ctx.clock.now());
  const { rating, reasons, comment } = input;
  const row: Feedback = {
    participantId,
    organizationId,
    callId,
    rating,
    reasons,
    comment: comment || null,
    createdAt: now,
    updatedAt: now,
  };
  return ctx.commit({ write: (q) => [putFeedback(q, row)], result: row });
}
