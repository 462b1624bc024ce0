import { findAnswer, type ReusableAnswer, reuseTermsOf } from '../answer-cache/index.ts';
import type { AskGround } from '../ask-authority/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { costMicros } from '../models/index.ts';
import { isCustomProvider } from '../providers/index.ts';
import type { Candidate, GenerationPlan } from './generations.ports.ts';
import { tokensOf } from './generations.rules.ts';

/** The cost of asking again, in millionths of a USD; null when a price is unknown. */
async function savedMicros(ctx: Ctx, { provider, model }: Candidate, { usage }: ReusableAnswer) {
  const rates = await ctx.ports.modelPrices.find(ctx, { id: model, provider });
  const cost = costMicros(tokensOf(usage), rates);
  return cost === null ? null : Number(cost);
}

/** A custom provider of the same name may be another one, so its row and address are part of the model's name. */
const modelOf = ({ provider, model, key }: Candidate): string =>
  isCustomProvider(provider) ? `${model} ${key?.id} ${key?.endpoint?.baseUrl}` : model;

/** Whether the answer may be kept, and the kept answer of the model that would be asked first. */
export async function planReuse(
  ctx: Ctx,
  input: CreateGeneration,
  candidate: Candidate,
  { preferences }: AskGround,
): Promise<Pick<GenerationPlan, 'reuse' | 'reused'>> {
  const ofOrganization = preferences.organization?.reuseAnswersSeconds ?? null;
  const { provider, model } = candidate;
  const first = { provider, model, name: modelOf(candidate) };
  const reuse = await reuseTermsOf(ctx, input, first, ofOrganization);
  const answer = reuse && (await findAnswer(ctx, reuse));
  if (!answer) return { reuse, reused: null };
  const amountMicros = await savedMicros(ctx, candidate, answer);
  return { reuse, reused: { answer, saved: { usage: answer.usage, amountMicros } } };
}
