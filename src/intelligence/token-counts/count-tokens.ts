import { entitlementErrors } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, withTimeout } from '../../kernel/core/index.ts';
import { readGround } from '../ask-authority/index.ts';
import type { CreateGeneration } from '../generation-requests/index.ts';
import { errorOf, generationErrors, planGeneration } from '../generations/index.ts';
import { openKey } from '../provider-keys/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { tokenCountErrors } from './token-counts.errors.ts';
import type { TokenCount } from './token-counts.schemas.ts';

/** How long a provider may take to count. */
const COUNT_MS = 15_000;

/**
 * Counts the tokens of a request, by the provider of the model that would be asked first.
 * @throws AppError `ai.*`, `request.invalid`, `auth.forbidden` without `ai:write`, or `billing.feature_not_included`
 * when the platform would be asked for and the plan does not include that
 */
export async function countTokens(ctx: Ctx, input: CreateGeneration): Promise<TokenCount> {
  requirePermission(ctx.actor, 'ai:write');
  const ground = await readGround(ctx);
  const { candidates, request } = await planGeneration(ctx, input, ground);
  const { provider, model, traits, key: sealed } = candidates[0]!;
  if (!sealed && !ground.hasPlatformModels) throw entitlementErrors.featureNotIncluded();
  const { chat } = ctx.ports;
  const key = sealed ? await openKey(ctx, sealed) : chat.keyOf(provider);
  if (!key) throw generationErrors.notConfigured();
  const counter = chat.of(provider);
  if (!counter.countTokens) throw tokenCountErrors.notCounted({ detail: `${provider} does not` });
  const abort = new AbortController();
  try {
    const counted = counter.countTokens({ ...request, model }, traits, key, abort.signal);
    const inputTokens = await withTimeout(counted, COUNT_MS, () => new ProviderFailure(provider, 'stalled'));
    return { provider, model, inputTokens };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const { kind: failure, retryAfterMs = null } = error;
    const detail = failure === 'request_refused' ? (error.detail ?? null) : null;
    throw errorOf({ status: 'failed', failure, detail, retryAfterMs, ownKey: sealed !== null });
  } finally {
    abort.abort();
  }
}
