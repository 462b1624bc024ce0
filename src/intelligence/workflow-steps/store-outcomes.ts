import { type CallOutcome, replaceOutcomes } from '../call-outcomes/index.ts';
import type { ActionItem, Claim } from '../summaries/index.ts';
import { readRunSummary } from './run-summary.ts';
import type { StepWork } from './step-outcome.ts';

/** Stores decisions and action items of the summary, each with its quotes, in place of those of an earlier attempt. */
export const storeOutcomes: StepWork<'outcomes'> = async (context) => {
  const { ctx, run } = context;
  const { content, transcriptionId } = await readRunSummary(context);
  const { organizationId } = ctx;
  const createdAt = new Date(ctx.clock.now());
  const claims: (readonly [CallOutcome['kind'], Claim & Partial<ActionItem>])[] = [
    ...content.decisions.map((claim) => ['decision', claim] as const),
    ...content.actionItems.map((item) => ['action_item', item] as const),
  ];
  // Lists show the newest id first, so this gives them the order of the summary.
  const ids = claims.map(() => ctx.ids.create('callOutcome')).toSorted((a, b) => (a < b ? 1 : -1));
  const rows = claims.map(([kind, claim], each): CallOutcome => ({
    id: ids[each]!,
    organizationId,
    roomId: run.roomId,
    callId: run.callId,
    runId: run.id,
    transcriptionId,
    kind,
    text: claim.text,
    owner: claim.owner ?? null,
    due: claim.due ?? null,
    dueOn: claim.dueOn ?? null,
    citations: claim.citations,
    createdAt,
  }));
  return { to: 'done', write: (q) => replaceOutcomes(q, organizationId, run.id, rows) };
};
