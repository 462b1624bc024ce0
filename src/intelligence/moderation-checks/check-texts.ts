import type { Ctx } from '../../kernel/context/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import {
  type ModerationPolicy,
  type ModerationRule,
  policyInForce,
  selectPoliciesOfRoom,
} from '../moderation-policies/index.ts';
import { foundByWords } from '../moderation-reviews/index.ts';
import { askWaiting } from './ask-model.ts';
import { isExempt, type SubjectRuleMatch, ruleFinder } from './checks.rules.ts';
import { collectLines } from './collect-lines.ts';
import { findCaptions, findMessages } from './find-subjects.ts';
import { openReview, reviewsChange, withoutReviewed } from './open-reviews.ts';
import type { CheckedSubject } from './subjects.rules.ts';

type SubjectKind = ModerationRule['appliesTo'][number];

/**
 * The review for a match of a rule. If the rule is newer than the message, it withdraws a message that it would have
 * hidden.
 */
const openByRule = (ctx: Ctx, subject: CheckedSubject, { rule, phrase }: SubjectRuleMatch) =>
  openReview(ctx, subject, {
    ...foundByWords(rule.name, phrase),
    action: rule.action === 'flag' ? 'flag' : 'hide',
    mute: rule.mute,
  });

/** Opens reviews for the matches of rules. @returns the subjects without a match */
async function applyRules(
  ctx: Ctx,
  policy: ModerationPolicy,
  { roomId, kind }: { roomId: string; kind: SubjectKind },
  subjects: readonly CheckedSubject[],
): Promise<CheckedSubject[]> {
  const find = ruleFinder(policy, kind);
  const matches = new Map<CheckedSubject, SubjectRuleMatch>();
  for (const subject of subjects) {
    const match = find(subject.line.text);
    if (match) matches.set(subject, match);
  }
  const left = await withoutReviewed(ctx, roomId, [...matches.keys()]);
  if (left.length > 0) {
    const opened = left.map((subject) => openByRule(ctx, subject, matches.get(subject)!));
    const { found, commands, write, audit, events } = await reviewsChange(ctx, roomId, opened);
    if (found > 0) await ctx.commit({ write, audit, events, result: undefined });
    await sendLiveCommands(ctx, roomId, commands);
  }
  return subjects.filter((subject) => !matches.has(subject));
}

/** Applies the policy of a room: first its rules, then its check by a model to the subjects without a match. */
async function checkTexts(
  ctx: Ctx,
  { roomId, kind }: { roomId: string; kind: SubjectKind },
  findSubjects: () => Promise<CheckedSubject[]>,
): Promise<void> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, roomId)]);
  const policy = policyInForce(policies);
  if (!policy?.enabled) return;
  const subjects = (await findSubjects()).filter((subject) => !isExempt(policy, subject));
  const others = await applyRules(ctx, policy, { roomId, kind }, subjects);
  if (others.length === 0 || !policy.modelCheck?.appliesTo.includes(kind)) return;
  const callId = others.find((subject) => subject.callId !== null)?.callId ?? null;
  await collectLines(
    ctx,
    { roomId, callId },
    others.map(({ line }) => line),
  );
  await askWaiting(ctx, policy, roomId);
}

/** Runs when messages were sent or edited. */
export const checkMessages = (
  ctx: Ctx,
  { roomId, messageIds }: { roomId: string; messageIds: readonly string[] },
): Promise<void> => checkTexts(ctx, { roomId, kind: 'chat' }, () => findMessages(ctx, roomId, messageIds));

/** Runs when something was said and kept as captions. */
export const checkCaptions = (
  ctx: Ctx,
  {
    roomId,
    transcriptionId,
    positions,
  }: { roomId: string; transcriptionId: string; positions: readonly number[] },
): Promise<void> =>
  checkTexts(ctx, { roomId, kind: 'caption' }, () => findCaptions(ctx, transcriptionId, positions));
