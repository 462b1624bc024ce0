import { selectSummaryById, type Summary, type SummaryContent } from '../summaries/index.ts';
import { type StepContext, StepFailure } from './step-outcome.ts';

/** The summary on which later steps are based. @throws StepFailure when it was deleted, with its transcript or alone */
export async function readRunSummary({
  ctx,
  run,
}: StepContext): Promise<Summary & { content: SummaryContent }> {
  const { summaryId } = run;
  const [summary] =
    summaryId === null
      ? []
      : (await ctx.read((q) => [selectSummaryById(q, ctx.organizationId, summaryId)]))[0];
  if (!summary?.content) throw new StepFailure('summary_gone');
  return { ...summary, content: summary.content };
}
