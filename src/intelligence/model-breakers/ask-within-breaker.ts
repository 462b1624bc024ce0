import type { Ctx } from '../../kernel/context/index.ts';
import { ProviderFailure } from '../providers/index.ts';
import { type Breaker, type BreakerTarget, isCounted, stateOf, targetKey } from './breakers.rules.ts';

/** The moment until which a model must not be asked; null when it may be. */
async function findRefusal(ctx: Ctx, target: BreakerTarget, found: Breaker | undefined) {
  if (!found || found.openUntilMs === null) return null;
  const nowMs = ctx.clock.now();
  if (stateOf(found, nowMs) === 'open') return found.openUntilMs - nowMs;
  return (await ctx.ports.modelBreakers.probe(ctx.organizationId, target)) ? null : 0;
}

/**
 * Asks a model once, within its breaker, from a request without a copy of the breakers. If the breakers are not
 * available, the model is asked.
 * @throws ProviderFailure `busy` while the breaker is open
 */
export async function askWithinBreaker<T>(
  ctx: Ctx,
  target: BreakerTarget,
  ask: () => Promise<T>,
): Promise<T> {
  const { ports, organizationId } = ctx;
  const warn = (error: unknown) => ctx.log.warn('ai.breakers_away', { organizationId, error });
  const refusedMs = await ports.modelBreakers
    .read(organizationId)
    .then((all) =>
      findRefusal(
        ctx,
        target,
        all.find((each) => targetKey(each) === targetKey(target)),
      ),
    )
    .catch((error: unknown) => {
      warn(error);
      return null;
    });
  if (refusedMs !== null) throw new ProviderFailure(target.provider, 'busy', { retryAfterMs: refusedMs });
  const report = (hasFailed: boolean, retryAfterMs: number | null) =>
    ctx.after('ai.report_breaker', () =>
      ports.modelBreakers
        .report(organizationId, { ...target, hasFailed, successes: hasFailed ? 0 : 1, retryAfterMs })
        .catch(warn),
    );
  try {
    const answer = await ask();
    report(false, null);
    return answer;
  } catch (error) {
    if (error instanceof ProviderFailure && isCounted(error.kind)) report(true, error.retryAfterMs ?? null);
    throw error;
  }
}
