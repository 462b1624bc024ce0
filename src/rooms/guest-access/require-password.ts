import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, serverErrors } from '../../kernel/core/index.ts';
import type { Budget, BudgetAnswer } from '../../platform/limits/index.ts';
import { type Link, linkErrors, matchesLinkPassword, passwordVersion } from '../links/index.ts';

/** How many wrong passwords are taken; right ones are not counted. A new password begins with no wrong ones. */
export const WRONG_PASSWORD_LIMITS = {
  /** From one network. */
  network: { limit: 10, periodSeconds: 600 },
  /** From one member of the organization, whatever others at their network do. */
  member: { limit: 30, periodSeconds: 600 },
  /** From all networks together: beyond it each network has only `networkLimit` left in its period. */
  all: { limit: 200, periodSeconds: 3600, networkLimit: 1 },
} as const;

/** How long an attempt stays reserved when its outcome is never reported. */
const RESERVATION_MS = 60_000;
/** A count that is read, and refuses nobody. */
const NO_LIMIT = 1_000_000_000;

/** The person whose password is compared. */
export type PasswordGuesser =
  | { kind: 'member'; userId: string }
  /** `address` is the hash that stands for the caller's network. */
  | { kind: 'visitor'; address: string };

interface Attempt {
  owner: string;
  holds: string[];
}

async function hold(ctx: Ctx, { owner, holds }: Attempt, budget: Budget): Promise<BudgetAnswer> {
  const id = ctx.ids.create('lease');
  const answer = await ctx.ports.budgets.reserve(owner, budget, { id, amount: 1, ttlMs: RESERVATION_MS });
  if (answer.outcome === 'reserved') holds.push(id);
  return answer;
}

/** Whether the attempt, which is held already, is within the limits. */
async function isWithinLimits(
  ctx: Ctx,
  attempt: Attempt,
  guesser: PasswordGuesser,
  version: string,
): Promise<boolean> {
  const { network, member, all } = WRONG_PASSWORD_LIMITS;
  if (guesser.kind === 'member') {
    const budget = { name: `password:${version}:${guesser.userId}`, ...member };
    return (await hold(ctx, attempt, budget)).outcome === 'reserved';
  }
  const [own, everybody] = await Promise.all([
    hold(ctx, attempt, { name: `password:${version}:${guesser.address}`, ...network }),
    hold(ctx, attempt, { name: `password:${version}`, limit: NO_LIMIT, periodSeconds: all.periodSeconds }),
  ]);
  if (own.outcome !== 'reserved') return false;
  const isGuessed = (everybody.state?.spent ?? 0) >= all.limit;
  return !isGuessed || (own.state?.spent ?? 0) + (own.state?.held ?? 0) <= all.networkLimit;
}

/** @throws AppError `links.too_many_attempts`, with the time until the next count begins */
function refuse({ clock }: Ctx, { kind }: PasswordGuesser): never {
  const { periodSeconds } = WRONG_PASSWORD_LIMITS[kind === 'member' ? 'member' : 'network'];
  const elapsedSeconds = (clock.now() / 1000) % periodSeconds;
  throw linkErrors.tooManyAttempts({ retryAfterSeconds: Math.ceil(periodSeconds - elapsedSeconds) });
}

/** @throws AppError `server.unavailable` when attempts cannot be counted: then no password is compared */
async function requireCounting<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw serverErrors.unavailable({ detail: 'wrong passwords cannot be counted at the moment', cause });
  }
}

/**
 * Requires the password of a link that has one. An attempt is reserved before it is made and counts only if it was wrong:
 * parallel guesses are limited, and any number of people who know the password is not.
 * @throws AppError `links.password_required`, `links.wrong_password`, `links.too_many_attempts` or `server.unavailable`
 */
export async function requirePassword(
  ctx: Ctx,
  { id: owner, passwordHash }: Pick<Link, 'id' | 'passwordHash'>,
  password: string | undefined,
  guesser: PasswordGuesser,
): Promise<void> {
  if (passwordHash === null) return;
  if (password === undefined) throw linkErrors.passwordRequired();
  const { budgets } = ctx.ports;
  const attempt: Attempt = { owner, holds: [] };
  const isAllowed = await requireCounting(
    isWithinLimits(ctx, attempt, guesser, passwordVersion(passwordHash)),
  );
  const isWrong = isAllowed && !(await matchesLinkPassword(ctx, password, passwordHash));
  await requireCounting(
    Promise.all(
      attempt.holds.map((each) => (isWrong ? budgets.settle(owner, each, 1) : budgets.release(owner, each))),
    ),
  );
  if (!isAllowed) refuse(ctx, guesser);
  if (isWrong) throw linkErrors.wrongPassword();
}
