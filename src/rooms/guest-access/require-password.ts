import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors } from '../../kernel/core/index.ts';
import type { Budget } from '../../platform/limits/index.ts';
import { type Link, linkErrors, matchesLinkPassword } from '../links/index.ts';

/** Wrong passwords that one address may try, and all of them together; right ones count for nothing. */
export const WRONG_PASSWORD_LIMITS = {
  address: { limit: 10, periodSeconds: 600 },
  link: { limit: 100, periodSeconds: 3600 },
} as const;

/** How long an attempt is held whose end nobody hears of. */
const RESERVATION_MS = 60_000;

/** Sets one wrong attempt aside in each of the budgets. @throws AppError `links.too_many_attempts` */
async function reserveAttempts(ctx: Ctx, owner: string, budgets: readonly Budget[]): Promise<string[]> {
  const { budgets: budgetAccounts } = ctx.ports;
  const holds = await Promise.all(
    budgets.map(async (budget) => {
      const id = ctx.ids.create('lease');
      return {
        id,
        budget,
        ...(await budgetAccounts.reserve(owner, budget, { id, amount: 1, ttlMs: RESERVATION_MS })),
      };
    }),
  );
  const refused = holds.filter(({ outcome }) => outcome !== 'reserved');
  if (refused.length === 0) return holds.map(({ id }) => id);
  const held = holds.filter(({ outcome }) => outcome === 'reserved');
  await Promise.all(held.map(({ id }) => budgetAccounts.release(owner, id)));
  const nowSeconds = ctx.clock.now() / 1000;
  const waitsSeconds = refused.map(({ budget: { periodSeconds } }) =>
    Math.ceil(periodSeconds! - (nowSeconds % periodSeconds!)),
  );
  throw linkErrors.tooManyAttempts({ retryAfterSeconds: Math.max(...waitsSeconds) });
}

/** @throws AppError `server.unavailable` when attempts cannot be counted: then none is made */
async function requireCounting<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause;
    throw serverErrors.unavailable({ detail: 'attempts at the password cannot be counted', cause });
  }
}

/**
 * Lets past who knows the password, where there is one. An attempt is set aside before it is made and counts only if it
 * was wrong: so guesses are limited whatever comes at the same time, and a hall full of people who know the word is not.
 * @param address what stands for where the caller is
 * @throws AppError `links.password_required`, `links.wrong_password`, `links.too_many_attempts` or `server.unavailable`
 */
export async function requirePassword(
  ctx: Ctx,
  { id, passwordHash }: Pick<Link, 'id' | 'passwordHash'>,
  password: string | undefined,
  address: string,
): Promise<void> {
  if (passwordHash === null) return;
  if (password === undefined) throw linkErrors.passwordRequired();
  const budgets = [
    { name: `password:${address}`, ...WRONG_PASSWORD_LIMITS.address },
    { name: 'password', ...WRONG_PASSWORD_LIMITS.link },
  ];
  const holds = await requireCounting(reserveAttempts(ctx, id, budgets));
  const isRight = await matchesLinkPassword(ctx, password, passwordHash);
  const { budgets: budgetAccounts } = ctx.ports;
  await requireCounting(
    Promise.all(
      holds.map((hold) => (isRight ? budgetAccounts.release(id, hold) : budgetAccounts.settle(id, hold, 1))),
    ),
  );
  if (!isRight) throw linkErrors.wrongPassword();
}
