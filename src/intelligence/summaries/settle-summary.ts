import { type Services, systemScope } from '../../kernel/context/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { runSweep, type SweepOutcome } from '../../kernel/delivery/index.ts';
import { LOST_AFTER_MS, readEndedAnswer } from '../ended-answers/index.ts';
import { MOST_SEGMENTS, selectSegments } from '../transcripts/index.ts';
import { modelAnswerSchema } from './answer.schemas.ts';
import { checkAnswer, transcriptOf } from './claims.rules.ts';
import type { SummaryReason } from './summaries.enums.ts';
import { summaryFinished } from './summaries.events.ts';
import { changeSummary, selectQuietSummaries, selectSummaryOfGeneration } from './summaries.queries.ts';
import type { Summary } from './summaries.tables.ts';

const SUMMARIES_PER_RUN = 200;

type Ending = Pick<Summary, 'content' | 'unsupported'> | { reason: SummaryReason };

/** The answer of the model, as data. */
function parseAnswer(text: string) {
  try {
    return modelAnswerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** How an answer has ended; null while it has not. */
async function endingOf(
  ctx: Ctx,
  { transcriptionId, generationId, heldOn }: Summary,
): Promise<Ending | null> {
  const answer = await readEndedAnswer(ctx, generationId);
  if (!answer || 'reason' in answer) return answer;
  const parsed = parseAnswer(answer.text);
  if (!parsed) return { reason: 'answer_not_readable' };
  const page = { after: -1, limit: MOST_SEGMENTS };
  const [segments] = await ctx.read((q) => [selectSegments(q, ctx.organizationId, transcriptionId, page)]);
  return checkAnswer(transcriptOf(segments), parsed, heldOn);
}

/** Ends a summary whose generation has ended, once. */
async function settle(ctx: Ctx, row: Summary): Promise<void> {
  const ending = await endingOf(ctx, row);
  if (!ending) return;
  const reason = 'reason' in ending ? ending.reason : null;
  const state = reason === null ? 'ready' : 'failed';
  await ctx.commit({
    write: (q) => [changeSummary(q, row, { ...ending, state, endedAt: new Date(ctx.clock.now()) })],
    events: [summaryFinished.of({ summaryId: row.id, state, reason })],
    result: undefined,
  });
}

/** When a generation has ended: ends the summary that waits for it. */
export async function settleSummary(ctx: Ctx, { generationId }: { generationId: string }): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectSummaryOfGeneration(q, ctx.organizationId, generationId)]);
  if (row?.state === 'running') await settle(ctx, row);
}

/** Scheduled each five minutes: ends summaries whose generation was lost. */
export async function sweepSummaries(services: Services): Promise<SweepOutcome> {
  const before = new Date(services.clock.now() - LOST_AFTER_MS);
  const [quiet] = await services.database.read(systemScope, (q) => [
    selectQuietSummaries(q, before, SUMMARIES_PER_RUN),
  ]);
  return runSweep(services, 'summaries.settle', quiet, settle);
}
