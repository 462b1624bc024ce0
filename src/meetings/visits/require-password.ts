import type { Ctx } from '../../platform/context/index.ts';
import { serverErrors } from '../../platform/core/index.ts';
import type { Budget } from '../../platform/limits/index.ts';
import { type Link, linkErrors, matchesPassword } from '../links/index.ts';

/** Wrong passwords that one address may try, and all of them together; right ones count for nothing. */
export const WRONG_PASSWORDS = {
  address: { limit: 10, periodSeconds: 600 },
  link: { limit: 100, periodSeconds: 3600 },
} as const;

/** How long an attempt is held whose end nobody hears of. */
const HELD_MS = 60_000;

/** Sets one wrong attempt aside in each of the budgets. @throws AppError `links.too_many_attempts` */
async function reserve(ctx: Ctx, owner: string, budgets: readonly Budget[]): Promise<string[]> {
  const { budgets: book } = ctx.ports;
  const holds = await Promise.all(
    budgets.map(async (budget) => {
      const id = ctx.ids.create('lease');
      return { id, budget, ...(await book.reserve(owner, budget, { id, amount: 1, ttlMs: HELD_MS })) };
    }),
  );
  const refused = holds.filter(({ outcome }) => outcome !== 'reserved');
  if (refused.length === 0) return holds.map(({ id }) => id);
  const held = holds.filter(({ outcome }) => outcome === 'reserved');
  await Promise.all(held.map(({ id }) => book.release(owner, id)));
  const nowSeconds = ctx.clock.now() / 1000;
  const waits = refused.map(({ budget: { periodSeconds } }) =>
    Math.ceil(periodSeconds! - (nowSeconds % periodSeconds!)),
  );
  throw linkErrors.tooManyAttempts({ retryAfterSeconds: Math.max(...waits) });
}

/** @throws AppError `server.unavailable` when attempts cannot be counted: then none is made */
async function counted<T>(work: Promise<T>): Promise<T> {
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
    { name: `password:${address}`, ...WRONG_PASSWORDS.address },
    { name: 'password', ...WRONG_PASSWORDS.link },
  ];
  const holds = await counted(reserve(ctx, id, budgets));
  const isRight = await matchesPassword(ctx, password, passwordHash);
  const { budgets: book } = ctx.ports;
  await counted(
    Promise.all(holds.map((hold) => (isRight ? book.release(id, hold) : book.settle(id, hold, 1)))),
  );
  if (!isRight) throw linkErrors.wrongPassword();
}
