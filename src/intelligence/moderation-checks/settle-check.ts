import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { LOST_AFTER_MS, readEndedAnswer } from '../ended-answers/index.ts';
import {
  type ModelCheck,
  type ModerationPolicy,
  policyInForce,
  selectPoliciesOfRoom,
} from '../moderation-policies/index.ts';
import { askWaiting } from './ask-model.ts';
import { type ModelFinding, readAnswer } from './answer.rules.ts';
import {
  changeCheck,
  deleteOldChecks,
  insertCheck,
  selectCheckOfGeneration,
  selectQuietChecks,
  selectRoomsWaiting,
} from './check-records.queries.ts';
import { newCheck } from './collect-lines.ts';
import { findUnchanged } from './find-subjects.ts';
import { flagUnchecked } from './flag-unchecked.ts';
import type { CheckReason } from './moderation-checks.enums.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';
import { openReview, type ReviewsChange, reviewsChange, withoutReviewed } from './open-reviews.ts';

const CHECKS_PER_RUN = 200;
const ROOMS_PER_RUN = 200;
const KEPT_DAYS = 30;
const DELETED_PER_RUN = 5_000;

/** How an answer has ended; null while it has not. */
async function outcomeOf(
  ctx: Ctx,
  { generationId, lines }: ModerationCheck,
  modelCheck: ModelCheck,
): Promise<ModelFinding[] | CheckReason | null> {
  const answer = await readEndedAnswer(ctx, generationId);
  if (!answer) return null;
  if ('reason' in answer) return answer.reason;
  return readAnswer(answer.text, lines, modelCheck) ?? 'answer_not_readable';
}

/** The reviews for findings about subjects that still have the words that the model was given. */
async function openFound(
  ctx: Ctx,
  { roomId }: ModerationCheck,
  findings: readonly ModelFinding[],
): Promise<ReviewsChange> {
  const lines = findings.map(({ line }) => line);
  const unchanged = await withoutReviewed(ctx, roomId, await findUnchanged(ctx, roomId, lines));
  const subjects = new Map(unchanged.map((subject) => [subject.subjectKey, subject]));
  const opened = findings.flatMap(({ line, action, category, severity }) => {
    const subject = subjects.get(line.key);
    const found = { source: 'model', rule: '', phrase: '', action, category, severity } as const;
    return subject ? [openReview(ctx, subject, { ...found, mute: false })] : [];
  });
  return reviewsChange(ctx, roomId, opened);
}

/** Ends a check by the policy that applies now; if that has no check by a model, nothing follows. */
async function settle(ctx: Ctx, check: ModerationCheck): Promise<void> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, check.roomId)]);
  const policy = policyInForce(policies);
  const endedAt = new Date(ctx.clock.now());
  if (!policy?.enabled || !policy.modelCheck) return end(ctx, check, { state: 'done', endedAt }, null);
  const outcome = await outcomeOf(ctx, check, policy.modelCheck);
  if (outcome === null) return;
  if (typeof outcome === 'string' && mayBeHalved(check, outcome)) return askInHalves(ctx, check);
  if (typeof outcome === 'string') return fail(ctx, policy, check, outcome);
  const opened = await openFound(ctx, check, outcome);
  await end(ctx, check, { state: 'done', endedAt, found: opened.found }, opened);
}

/** One line can spoil an answer; in halves, the others are asked about without it. */
const mayBeHalved = ({ lines, isHalf }: ModerationCheck, reason: CheckReason): boolean =>
  (reason === 'answer_cut' || reason === 'answer_not_readable') && lines.length > 1 && !isHalf;

/** Asks once more, in two questions. */
async function askInHalves(ctx: Ctx, check: ModerationCheck): Promise<void> {
  const middle = Math.ceil(check.lines.length / 2);
  const rest = newCheck(ctx, check, check.lines.slice(middle));
  // Another check may have begun with its first line; this check asks about it all the same, because of its other
  // lines.
  const other = { ...rest, subjectKey: `${rest.subjectKey} ${check.id}`, isHalf: true };
  const { askAt, createdAt } = other;
  const half = {
    lines: check.lines.slice(0, middle),
    isHalf: true,
    askAt,
    createdAt,
    generationId: null,
  };
  await ctx.commit({
    write: (q) => [changeCheck(q, check, half), insertCheck(q, other)],
    result: undefined,
  });
}

async function fail(
  ctx: Ctx,
  policy: ModerationPolicy,
  check: ModerationCheck,
  reason: CheckReason,
): Promise<void> {
  const opened = await flagUnchecked(ctx, policy, check);
  const endedAt = new Date(ctx.clock.now());
  await end(ctx, check, { state: 'failed', reason, endedAt, found: opened.found }, opened);
}

async function end(
  ctx: Ctx,
  check: ModerationCheck,
  set: Partial<ModerationCheck>,
  opened: ReviewsChange | null,
): Promise<void> {
  await ctx.commit({
    write: (q) => [changeCheck(q, check, set), ...(opened?.write(q) ?? [])],
    audit: opened?.audit ?? [],
    events: opened?.events ?? [],
    result: undefined,
  });
  if (opened) await sendLiveCommands(ctx, check.roomId, opened.commands);
}

/** When a generation has ended: ends the check that waits for it. */
export async function settleCheck(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectCheckOfGeneration(q, ctx.organizationId, generationId)]);
  if (row?.state === 'running') await settle(ctx, row);
}

/** Asks about the waiting lines of a room, by the policy that applies there now. */
async function askInRoom(ctx: Ctx, { id: roomId }: { id: string }): Promise<void> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, roomId)]);
  await askWaiting(ctx, policyInForce(policies), roomId);
}

/** Scheduled each minute: asks about waiting lines. */
export async function sweepWaiting(services: Services): Promise<SweepOutcome> {
  const now = new Date(services.clock.now());
  const [waiting] = await services.database.read(systemScope, (q) => [
    selectRoomsWaiting(q, now, ROOMS_PER_RUN),
  ]);
  return runSweep(services, 'moderation-checks.ask', waiting, askInRoom);
}

/** Scheduled each five minutes: ends checks whose generation was lost, and deletes checks that are 30 days old. */
export async function sweepChecks(services: Services): Promise<SweepOutcome> {
  const nowMs = services.clock.now();
  const keptSince = new Date(nowMs - KEPT_DAYS * 86_400_000);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietChecks(q, new Date(nowMs - LOST_AFTER_MS), CHECKS_PER_RUN),
    deleteOldChecks(q, keptSince, DELETED_PER_RUN),
  ]);
  return runSweep(services, 'moderation-checks.settle', quiet, settle);
}
