import type { Ctx } from '../../kernel/context/index.ts';
import { mostTokens, worstCostMicros } from '../ai-budgets/index.ts';
import type { AskGround } from '../ask-authority/index.ts';
import { type Candidate, generationErrors, planGeneration } from '../generations/index.ts';
import type { BatchRequest } from '../providers/index.ts';
import { batchErrors } from './generation-batches.errors.ts';
import type { CreateBatch } from './generation-batches.schemas.ts';

/** A request with the model that answers it. */
export interface PlannedRequest {
  customId: string;
  candidate: Candidate;
  asked: BatchRequest;
  /** The most that it can cost, in millionths of a USD; null without a budget, and with a key of the organization. */
  mostMicros: number | null;
  mostTokens: ReturnType<typeof mostTokens>;
}

/** @throws AppError `ai.*`, `ai_batches.no_batches` or `request.invalid` */
async function planRequest(
  ctx: Ctx,
  { customId, request: input }: CreateBatch['requests'][number],
  ground: AskGround,
): Promise<PlannedRequest> {
  const plan = await planGeneration(
    ctx,
    { ...input, stream: false, reuse: false, hedgeAfterSeconds: null },
    ground,
  );
  const candidate = plan.candidates[0]!;
  const { provider, model, traits, key } = candidate;
  if (!ctx.ports.chat.of(provider).batches)
    throw batchErrors.noBatches({ detail: `${model}: ${provider} has none` });
  let mostMicros: number | null = null;
  if (ground.budget && !key) {
    const rates = await ctx.ports.modelPrices.findOfBatch(ctx, { id: model, provider });
    const most = worstCostMicros(plan.request, rates);
    if (most === null) throw generationErrors.priceUnknown({ detail: `${model}: in batches` });
    mostMicros = Number(most);
  }
  return {
    customId,
    candidate,
    asked: { customId, request: { ...plan.request, model }, traits },
    mostMicros,
    mostTokens: mostTokens(plan.request),
  };
}

/** The requests with their models, which all have the same provider. @throws AppError as `planRequest`, `ai_batches.mixed` */
export async function planBatch(
  ctx: Ctx,
  { requests }: CreateBatch,
  ground: AskGround,
): Promise<PlannedRequest[]> {
  const planned: PlannedRequest[] = [];
  for (const each of requests) planned.push(await planRequest(ctx, each, ground));
  const [first] = planned;
  const other = planned.find(({ candidate }) => candidate.provider !== first!.candidate.provider);
  if (other)
    throw batchErrors.mixed({
      detail: `${first!.candidate.provider} and ${other.candidate.provider}`,
    });
  return planned;
}
