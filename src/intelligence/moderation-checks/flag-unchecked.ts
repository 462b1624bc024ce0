import type { Ctx } from '../../kernel/context/index.ts';
import type { ModerationPolicy } from '../moderation-policies/index.ts';
import { findUnchanged } from './find-subjects.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';
import {
  type ReviewFinding,
  openReview,
  type ReviewsChange,
  reviewsChange,
  withoutReviewed,
} from './open-reviews.ts';

const NOT_CHECKED: ReviewFinding = {
  source: 'not_checked',
  action: 'flag',
  rule: '',
  phrase: '',
  category: null,
  severity: null,
  mute: false,
};

/** Handles lines that no model has checked: nothing, or reviews, as the policy says. */
export async function flagUnchecked(
  ctx: Ctx,
  { modelCheck }: ModerationPolicy,
  { roomId, lines }: ModerationCheck,
): Promise<ReviewsChange> {
  if (modelCheck?.whenNotChecked !== 'flag') return reviewsChange(ctx, roomId, []);
  const subjects = await withoutReviewed(ctx, roomId, await findUnchanged(ctx, roomId, lines));
  return reviewsChange(
    ctx,
    roomId,
    subjects.map((each) => openReview(ctx, each, NOT_CHECKED)),
  );
}
