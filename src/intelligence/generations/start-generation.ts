import { holdIncluded } from '../../calls/included-use/index.ts';
import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { type ErrorFactory, requirePermission } from '../../kernel/core/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { mostTokens } from '../ai-budgets/index.ts';
import { countReuse } from '../answer-cache/index.ts';
import { type AskGround, holdGround, readGround } from '../ask-authority/index.ts';
import type { GenerationAnswer, GenerationOrigin, GenerationPlan } from './generations.ports.ts';
import { generationErrors } from './generations.errors.ts';
import { holdRunning, insertGeneration } from './generations.queries.ts';
import { askerOf, endedRow, errorOf, isAskedOnPlatformKey, runningRow } from './generations.rules.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import type { Generation } from './generations.tables.ts';
import { planGeneration } from './plan-generation.ts';

/** How long a caller waits for a whole answer, unless the record says otherwise. */
const WAIT_MS = 50_000;

/**
 * A generation that has begun, with its answer, or with its events as they come. A repeated request gets only the row.
 */
export interface StartedGeneration {
  row: Generation;
  answer?: GenerationAnswer;
  events?: ReadableStream<Uint8Array>;
}

/** Rows of another module that are stored in the commit of a generation, such as the message that asks. */
export interface GenerationRecord {
  write(q: Queries, row: Generation): readonly Statement[];
  /** The result of that module's verb for a repeated request. */
  resultOf(row: Generation): unknown;
  conflicts: Record<string, ErrorFactory>;
  audit?: CommitRequest<unknown>['audit'];
  /** The feature that asks, and its object, as usage and costs name them. */
  origin?: GenerationOrigin;
  /**
   * The share of the budget for AI, if one is set, that generations of the feature may use together, from 0 to 1.
   * Absent: all of it.
   */
  budgetShare?: number;
  /** The caller does not wait for the answer: the module reads it after the event `ai.generation_ended`. */
  isInBackground?: true;
  /** How long the caller waits for a whole answer. */
  waitMs?: number;
}

/** Longer than a generation, the end of its live object, and the sweep that ends lost ones can take. */
const HELD_MS = 1_200_000;

/** Holds the most tokens that the request can use, if the plan refuses use beyond what it includes. */
const holdTokens = (q: Queries, { request }: GenerationPlan, { id, organizationId, createdAt }: Generation) =>
  holdIncluded(q, { organizationId, now: createdAt }, mostTokens(request), {
    holder: id,
    endsAt: new Date(createdAt.getTime() + HELD_MS),
  });

/** Stores the row, which proves the caller and the ground of the plan; both proofs are then remembered for a moment. */
async function storeRow(
  ctx: Ctx,
  plan: GenerationPlan,
  ground: AskGround,
  row: Generation,
  record?: GenerationRecord,
): Promise<void> {
  const { provenAskers } = ctx.ports;
  const isOnPlatformKey = isAskedOnPlatformKey(plan);
  try {
    await ctx.commit({
      write: (q) => [
        insertGeneration(q, row),
        ...holdGround(q, { organizationId: row.organizationId, now: row.createdAt }, ground, {
          isOnPlatformKey,
          userId: askerOf(ctx.actor).userId,
        }),
        ...(isOnPlatformKey && !row.reused ? [holdTokens(q, plan, row)] : []),
        ...(record?.write(q, row) ?? []),
        ...(row.reused ? [] : holdRunning(q, row)),
        ...(row.reused
          ? [countReuse(q, { organizationId: row.organizationId, now: row.createdAt }, row.reused)]
          : []),
      ],
      conflicts: record?.conflicts ?? {},
      ...(record?.audit ? { audit: record.audit } : {}),
      result: record?.resultOf(row) ?? ({ row } satisfies StartedGeneration),
    });
  } catch (error) {
    provenAskers.forget(ctx.actor);
    throw error;
  }
  provenAskers.remember(ctx.actor, { ...ground, isPlanProven: isOnPlatformKey && ground.isCharged });
}

/**
 * A plan with the feature that asks, and its share of the budget. If the share does not cover the cost now, it is
 * refused before there is a row; the amount is reserved when the generation runs.
 * @throws AppError `ai.out_of_budget`
 */
async function planWithin(
  { ports }: Ctx,
  plan: GenerationPlan,
  origin: GenerationOrigin,
  part: number | undefined,
): Promise<GenerationPlan> {
  const { hold, organizationId } = plan;
  if (!hold || part === undefined) return { ...plan, origin };
  const { name, limit } = hold.budget;
  const share = { ...hold.budget, name: `${name}-${origin.feature}`, limit: Math.floor(limit * part) };
  const { available } = await ports.budgets.read(organizationId, share);
  if (available < hold.amountMicros) throw generationErrors.outOfBudget();
  return { ...plan, origin, hold: { ...hold, share } };
}

/**
 * Asks a model. Its row is stored first, so that a repeated request asks none. The model is asked while the row is
 * stored only when the caller was proven a moment ago, and the request cannot be a repeated one.
 * @throws AppError `ai.*`, `auth.forbidden` without `ai:write`, or, when the platform would pay,
 * `billing.feature_not_included` or `billing.limit_reached`, as the plan is
 */
export async function startGeneration(
  ctx: Ctx,
  input: CreateGeneration,
  record?: GenerationRecord,
): Promise<StartedGeneration> {
  requirePermission(ctx.actor, 'ai:write');
  const { liveGenerations, provenAskers } = ctx.ports;
  const proven = ctx.mayBeRepeated ? undefined : provenAskers.find(ctx.actor);
  const ground = proven ?? (await readGround(ctx));
  // An answer in the background is not urgent enough for the price of two.
  const asked = record?.isInBackground ? { ...input, hedgeAfterSeconds: null } : input;
  const planned = await planGeneration(ctx, asked, ground);
  const plan = record?.origin ? await planWithin(ctx, planned, record.origin, record.budgetShare) : planned;
  const isOnPlatformKey = isAskedOnPlatformKey(plan);
  const row = runningRow({
    ...plan,
    candidate: plan.candidates[0]!,
    ownKey: !isOnPlatformKey,
    saved: plan.reused?.saved ?? null,
  });
  const started: StartedGeneration = { row };
  let stored: Promise<void> | undefined;
  const store = () => (stored ??= storeRow(ctx, plan, ground, row, record));
  // What another module stores with it may be refused for reasons of its own.
  if (record || !proven || (isOnPlatformKey && !proven.isPlanProven)) await store();
  if (record?.isInBackground) {
    await liveGenerations.complete(plan, store, 0);
    return started;
  }
  if (input.stream) {
    const { events, outcome } = await liveGenerations.follow(plan, store, WAIT_MS);
    if (outcome) throw errorOf(outcome);
    return { ...started, events };
  }
  const answer = await liveGenerations.complete(plan, store, record?.waitMs ?? WAIT_MS);
  const { outcome } = answer;
  if (!outcome) return started;
  if (outcome.status !== 'completed') throw errorOf(outcome);
  return { row: { ...row, ...endedRow(outcome) }, answer };
}
