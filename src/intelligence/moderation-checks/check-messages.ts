import type { Ctx } from '../../kernel/context/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { type LiveCommand, liveCommandsIssued, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { type ModerationPolicy, policyInForce, selectPoliciesOfRoom } from '../moderation-policies/index.ts';
import {
  deleteCommand,
  insertReview,
  type ModerationReview,
  newReview,
  openedEvents,
} from '../moderation-reviews/index.ts';
import { type Finding, isExempt, ruleFinder, subjectKeyOf } from './checks.rules.ts';
import {
  countOpenReviews,
  type MessageToCheck,
  selectMessagesToCheck,
  selectSubjectKeys,
} from './moderation-checks.queries.ts';

/** Beyond this nothing more of a room is put up for review: people have enough to look at. */
const MOST_OPEN = 1_000;

/** A review of a message that the chat has, and what follows at once. */
interface OpenedReview {
  row: ModerationReview;
  events: DomainEvent[];
  commands: LiveCommand[];
}

function openReview(ctx: Ctx, { message, seat }: MessageToCheck, { rule, phrase }: Finding): OpenedReview {
  const { id: messageId, roomId, identity, userId, name, text, threadId, replyToId, fileIds } = message;
  // The rule is younger than the message: what it would have kept back is taken back.
  const action = rule.action === 'flag' ? 'flag' : 'hide';
  const subject = { subject: 'chat', subjectKey: subjectKeyOf(message), messageId } as const;
  const author = { identity, userId, name, roomId, callId: seat?.callId ?? null };
  const content = { text, threadId, replyToId, fileIds };
  const isMuted = rule.mute && seat !== null;
  const row = newReview(ctx, { ...subject, ...author, ...content, action, rule: rule.name, phrase }, isMuted);
  const commands = action === 'hide' ? [deleteCommand(row, messageId, null, ctx.clock.now())] : [];
  const events = openedEvents(ctx, row, isMuted ? seat.participantId : null);
  return { row, commands, events };
}

/** Those of the messages that a rule concerns, and that are not under review as they are. */
async function findMessages(
  ctx: Ctx,
  policy: ModerationPolicy,
  { roomId, messageIds }: { roomId: string; messageIds: readonly string[] },
): Promise<OpenedReview[]> {
  const { organizationId } = ctx;
  const [messages, known, [count]] = await ctx.read((q) => [
    selectMessagesToCheck(q, organizationId, roomId, messageIds),
    selectSubjectKeys(q, organizationId, roomId, messageIds),
    countOpenReviews(q, organizationId, roomId),
  ]);
  const keys = new Set(known.map(({ subjectKey }) => subjectKey));
  const find = ruleFinder(policy, 'chat');
  const opened = messages.flatMap((each) => {
    if (isExempt(policy, each.seat?.role ?? null) || keys.has(subjectKeyOf(each.message))) return [];
    const finding = find([each.message.text, ...each.fileNames].join('\n'));
    return finding ? [openReview(ctx, each, finding)] : [];
  });
  const place = Math.max(0, MOST_OPEN - (count?.open ?? 0));
  if (opened.length > place) ctx.log.warn('moderation.queue_full', { roomId, left: opened.length - place });
  return opened.slice(0, place);
}

/**
 * When messages were sent or edited: puts up for review what a rule flags, and takes back what a rule would have kept from the others that is
 * younger than the message.
 */
export async function checkMessages(
  ctx: Ctx,
  { roomId, messageIds }: { roomId: string; messageIds: readonly string[] },
): Promise<void> {
  const [policies] = await ctx.read((q) => [selectPoliciesOfRoom(q, ctx.organizationId, roomId)]);
  const policy = policyInForce(policies);
  if (!policy?.enabled || policy.rules.length === 0) return;
  const opened = await findMessages(ctx, policy, { roomId, messageIds });
  if (opened.length === 0) return;
  const commands = opened.flatMap((each) => each.commands);
  await ctx.commit({
    write: (q) => opened.map(({ row }) => insertReview(q, row)),
    audit: opened.map(({ row: { id: reviewId, identity, rule, action } }) => ({
      action: 'moderation.flagged',
      target: { type: 'room', id: roomId },
      after: { reviewId, identity, rule, action },
    })),
    events: [
      ...opened.flatMap((each) => each.events),
      ...(commands.length > 0 ? [liveCommandsIssued.of({ roomId, commands })] : []),
    ],
    result: undefined,
  });
  await sendLiveCommands(ctx, roomId, commands);
}
