import { selectCall } from '../../calls/calls/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { selectGenerationById, tokensOf } from '../generations/index.ts';
import { costMicros } from '../models/index.ts';
import { createSummary, selectSummaryById, type Summary, summaryErrors } from '../summaries/index.ts';
import { changeRun, leftMicros } from '../workflow-runs/index.ts';
import { type StepContext, StepFailure, type StepOutcome, type StepWork } from './step-outcome.ts';

/** The cost of the question to the model for the platform: nothing with a key of the organization. */
async function costOf({ ctx }: StepContext, { generationId }: Summary): Promise<number | null> {
  if (generationId === null) return 0;
  const [[row]] = await ctx.read((q) => [selectGenerationById(q, ctx.organizationId, generationId)]);
  if (!row) return null;
  if (row.ownKey) return 0;
  const { provider, model: id } = row;
  const rates = await ctx.ports.modelPrices.find(ctx, { id, provider } as Parameters<
    typeof ctx.ports.modelPrices.find
  >[1]);
  const cost = costMicros(tokensOf(row), rates);
  return cost === null ? null : Number(cost);
}

async function lookAt(context: StepContext, summaryId: string): Promise<StepOutcome> {
  const { ctx } = context;
  const [[summary]] = await ctx.read((q) => [selectSummaryById(q, ctx.organizationId, summaryId)]);
  if (!summary) throw new StepFailure('summary_gone');
  if (summary.state === 'running') return { to: 'wait' };
  const cost = await costOf(context, summary);
  if (summary.state === 'failed') throw new StepFailure(summary.reason!, { costMicros: cost });
  return { to: 'done', costMicros: cost };
}

/** Summarizes the transcript with the model that the workflow names; it is asked once, in the commit that notes it. */
export const summarizeCall: StepWork<'summarize'> = async (context, { model, fallbackModels, language }) => {
  const { author, ctx, run } = context;
  if (run.summaryId !== null) return lookAt(context, run.summaryId);
  if (run.transcriptionId === null) throw new StepFailure('transcript_gone');
  const [[call]] = await ctx.read((q) => [selectCall(q, ctx.organizationId, run.callId)]);
  const heldOn = (call?.startedAt ?? run.createdAt).toISOString().slice(0, 10);
  const input = {
    heldOn,
    ...(model === undefined ? {} : { model, fallbackModels }),
    ...(language === undefined ? {} : { language }),
  };
  const updatedAt = new Date(ctx.clock.now());
  try {
    await createSummary(author, run.transcriptionId, input, {
      write: (q, { id }) => [changeRun(q, run, { summaryId: id, updatedAt })],
      maxCostMicros: leftMicros(run),
      feature: 'workflows',
    });
  } catch (error) {
    if (isError(error, summaryErrors.nothingSaid))
      return { to: 'skipped', reason: 'nothing_said', isEnd: true };
    throw error;
  }
  return { to: 'stored' };
};
