import type { Ctx } from '../../kernel/context/index.ts';
import { serverErrors } from '../../kernel/core/index.ts';
import type { Budget } from '../../platform/limits/index.ts';
import { type Link, linkErrors, matchesLinkPassword } from '../links/index.ts';

/** How many wrong passwords one network, and all together, can try; right ones are not counted. */
export const WRONG_PASSWORD_LIMITS = {
  address: { limit: 10, periodSeconds: 600 },
  link: { limit: 100, periodSeconds: 3600 },
} as const;

/** How long an attempt stays reserved when its outcome is never reported. */
const RESERVATION_MS = 60_000;

/** Reserves one wrong attempt in each of the budgets. @throws AppError `links.too_many_attempts` */
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

/** @throws AppError `server.unavailable` when attempts cannot be counted: then no password is compared */
async function requireCounting<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AppError') throw cause;
    throw serverErrors.unavailable({ detail: 'wrong passwords cannot be counted at the moment', cause });
  }
}

/**
 * Requires the password of a link that has one. An attempt is reserved before it is made and counts only if it was wrong:
 * parallel guesses are limited, and any number of people who know the password is not.
 * @param address the hash that stands for the caller's network
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
