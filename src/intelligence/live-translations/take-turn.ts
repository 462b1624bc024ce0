import type { Ctx } from '../../kernel/context/index.ts';
import { liveTranslationErrors } from './live-translations.errors.ts';

/** Takes one of the requests that a call has in a minute. @throws AppError `live_translations.too_many` */
export async function takeTurn(
  ctx: Ctx,
  { name, perMinute }: { name: string; perMinute: number },
): Promise<void> {
  const { outcome } = await ctx.ports.budgets.reserve(
    ctx.organizationId,
    { name, limit: perMinute, periodSeconds: 60 },
    { id: ctx.ids.create('request'), amount: 1, ttlMs: 60_000 },
  );
  if (outcome === 'refused') throw liveTranslationErrors.tooMany();
}
