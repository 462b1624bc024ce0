import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { isRefusal } from '../../kernel/core/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { liveCommandsIssued } from '../../realtime/protocol/index.ts';
import { ActiveRules } from '../../realtime/text-rules/index.ts';
import { requireAdmitted, requireRoomAccess } from '../../rooms/access/index.ts';
import { asMember } from '../ask-authority/index.ts';
import { LOST_AFTER_MS, readEndedAnswer } from '../ended-answers/index.ts';
import { readChatRules } from '../moderation-policies/index.ts';
import { readAnswer } from './answer.rules.ts';
import { requireCall } from './asked-call.ts';
import type { QuestionReason } from './call-questions.enums.ts';
import {
  changeQuestion,
  selectQuestionOfGeneration,
  selectQuietQuestions,
} from './call-questions.queries.ts';
import type { CallQuestion } from './call-questions.tables.ts';
import { readGivenLines } from './read-lines.ts';

const QUESTIONS_PER_RUN = 200;
const MOST_POSTED = 4_000;

type Ending = Partial<Pick<CallQuestion, 'state' | 'reason' | 'statements'>>;
const failed = (reason: QuestionReason): Ending => ({ state: 'failed', reason });

/** How an answer has ended; null while it has not. */
async function endingOf(ctx: Ctx, row: CallQuestion): Promise<Ending | null> {
  const answer = await readEndedAnswer(ctx, row.generationId);
  if (!answer) return null;
  if ('reason' in answer) return failed(answer.reason);
  const statements = readAnswer(answer.text, await readGivenLines(ctx, row));
  if (!statements) return failed('answer_not_readable');
  return { state: statements.length === 0 ? 'not_found' : 'answered', statements };
}

/** Whether the asker may still write in the room, its chat is on, and they may know all that the answer rests on. */
async function mayPost(ctx: Ctx, { userId, roomId, callId, askedFrom }: CallQuestion): Promise<boolean> {
  const asker = await asMember(ctx, userId);
  if (!asker) return false;
  try {
    const [access] = await requireRoomAccess(asker, { roomId });
    const { from, begun } = await requireCall(asker, callId, userId);
    return requireAdmitted(access).room.features.chat && from <= (askedFrom ?? begun);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** The answer as a message of the product in the chat; without an answer nothing is posted. */
async function postOf(
  ctx: Ctx,
  row: CallQuestion,
  { state, statements = [] }: Ending,
): Promise<DomainEvent[]> {
  if (!row.post || state !== 'answered' || !(await mayPost(ctx, row))) return [];
  const text = [row.question, ...statements.map((each) => `- ${each.text}`)].join('\n').slice(0, MOST_POSTED);
  const rules = new ActiveRules(await readChatRules(ctx, row.roomId));
  if (rules.match(text)) return [];
  const command = {
    type: 'chat.post' as const,
    key: `${row.id}.post`,
    atMs: ctx.clock.now(),
    messageId: ctx.ids.create('message'),
    identity: 'agt_~answers',
    name: 'Answer about the call',
    text,
  };
  return [liveCommandsIssued.of({ roomId: row.roomId, commands: [command] })];
}

/** Ends a question whose generation has ended, once. */
async function settle(ctx: Ctx, row: CallQuestion): Promise<void> {
  const ending = await endingOf(ctx, row);
  if (!ending) return;
  const events = await postOf(ctx, row, ending);
  await ctx.commit({
    write: (q) => [changeQuestion(q, row, { ...ending, lines: [], endedAt: new Date(ctx.clock.now()) })],
    events,
    result: undefined,
  });
}

/** When a generation has ended: ends the question that waits for it. */
export async function settleQuestion(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectQuestionOfGeneration(q, ctx.organizationId, generationId)]);
  if (row?.state === 'running') await settle(ctx, row);
}

/** Scheduled each five minutes: ends questions whose generation was lost. */
export async function sweepQuestions(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - LOST_AFTER_MS);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietQuestions(q, before, QUESTIONS_PER_RUN),
  ]);
  return runSweep(services, 'call-questions.settle', quiet, settle);
}
