import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { type ErrorFactory, requirePermission } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import type { GenerationAnswer, GenerationPlan } from './generations.ports.ts';
import { insertGeneration } from './generations.queries.ts';
import { askerOf, endedRow, errorOf, NO_USAGE } from './generations.rules.ts';
import type { CreateGeneration } from './generations.schemas.ts';
import type { Generation } from './generations.tables.ts';
import { planGeneration } from './plan-generation.ts';

/** How long a caller waits for an answer as a whole. */
const WAIT_MS = 50_000;

/** A generation that has begun, with its answer, or with its events as they come. A repeated request gets the row alone. */
export interface StartedGeneration {
  row: Generation;
  answer?: GenerationAnswer;
  events?: ReadableStream<Uint8Array>;
}

/** What another module stores in the commit of a generation, such as the message that asks. */
export interface GenerationRecord {
  write(q: Queries, row: Generation): readonly Statement[];
  /** What its verb returns for a repeated request. */
  resultOf(row: Generation): unknown;
  conflicts: Record<string, ErrorFactory>;
  audit?: CommitRequest<unknown>['audit'];
  /** The caller does not wait for the answer: the module reads it when `ai.generation_ended` says so. */
  isInBackground?: true;
}

function rowOf(
  ctx: Ctx,
  { generationId, organizationId, startedAtMs, candidates }: GenerationPlan,
): Generation {
  const { provider, model, key } = candidates[0]!;
  return {
    id: generationId,
    organizationId,
    ...askerOf(ctx.actor),
    status: 'running',
    failure: null,
    stopReason: null,
    provider,
    model,
    ownKey: key !== null,
    usageState: 'none',
    ...NO_USAGE,
    firstOutputMs: null,
    durationMs: null,
    attempts: [],
    createdAt: new Date(startedAtMs),
    endedAt: null,
    version: 1,
  };
}

/**
 * Asks a model. The generation is stored before the model is asked, so that a repeated request asks none.
 * @throws AppError `ai.*`, `auth.forbidden` without `ai:write`, or `billing.feature_not_included` when the platform would pay and the
 *   plan does not include that
 */
export async function startGeneration(
  ctx: Ctx,
  input: CreateGeneration,
  record?: GenerationRecord,
): Promise<StartedGeneration> {
  requirePermission(ctx.actor, 'ai:write');
  const plan = await planGeneration(ctx, input);
  const row = rowOf(ctx, plan);
  const started: StartedGeneration = { row };
  const isOnPlatformKey = plan.candidates.some(({ key }) => key === null);
  await ctx.commit({
    write: (q) => [...insertGeneration(q, row, { isOnPlatformKey }), ...(record?.write(q, row) ?? [])],
    conflicts: record?.conflicts ?? {},
    audit: record?.audit,
    result: record?.resultOf(row) ?? started,
  });
  const { liveGenerations } = ctx.ports;
  if (record?.isInBackground) {
    await liveGenerations.complete(plan, 0);
    return started;
  }
  if (input.stream) {
    const { events, outcome } = await liveGenerations.follow(plan, WAIT_MS);
    if (outcome) throw errorOf(outcome, row);
    return { ...started, events };
  }
  const answer = await liveGenerations.complete(plan, WAIT_MS);
  const { outcome } = answer;
  if (!outcome) return started;
  if (outcome.status !== 'completed') throw errorOf(outcome, row);
  return { row: { ...row, ...endedRow(outcome) }, answer };
}
