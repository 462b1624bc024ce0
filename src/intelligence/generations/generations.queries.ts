import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { holdLimit } from '../../identity/entitlements/index.ts';
import { changeVersioned, inTurn, isBefore, type Queries } from '../../kernel/db/index.ts';
import type { Asker } from './generations.rules.ts';
import { aiGenerations, type Generation } from './generations.tables.ts';

export const insertGeneration = (q: Queries, row: Generation) => q.insert(aiGenerations).values(row);

export const selectGeneration = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select()
    .from(aiGenerations)
    .where(and(eq(aiGenerations.organizationId, organizationId), eq(aiGenerations.id, generationId)));

/** The generations of one user or API key, the newest first. */
export const selectGenerationsOf = (
  q: Queries,
  organizationId: string,
  { userId, apiKeyId }: Asker,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(aiGenerations)
    .where(
      and(
        eq(aiGenerations.organizationId, organizationId),
        userId === null ? eq(aiGenerations.apiKeyId, apiKeyId!) : eq(aiGenerations.userId, userId),
        isBefore(aiGenerations.id, before),
      ),
    )
    .orderBy(desc(aiGenerations.id))
    .limit(limit + 1);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeGeneration = (q: Queries, row: Generation, set: Partial<Generation>) =>
  changeVersioned(q, aiGenerations, row, set);

const isRunning = (organizationId: string, ownKey: boolean) =>
  and(
    eq(aiGenerations.organizationId, organizationId),
    eq(aiGenerations.status, 'running'),
    eq(aiGenerations.ownKey, ownKey),
  );

/**
 * On keys of the organization, which its provider limits, this many times as many may run: each takes memory of a live
 * object.
 */
const TIMES_WITH_OWN_KEY = sql.raw('5');

/** Fails the commit with `billing.limit_reached` when more run at once than the plan allows on this kind of key. */
export function holdRunning(q: Queries, { organizationId, createdAt, ownKey }: Generation) {
  const rows = sql`select from ${aiGenerations} where ${isRunning(organizationId, ownKey)}`;
  return holdLimit(q, {
    limit: 'running_generations',
    rows: ownKey
      ? sql`select from (select row_number() over () as place from (${rows}) each_own) own where place % ${TIMES_WITH_OWN_KEY} = 1`
      : rows,
    organizationId,
    now: createdAt,
  });
}

/** The running generations on the account of the platform. */
export const selectRunning = (q: Queries, organizationId: string, limit: number) =>
  q.select({ id: aiGenerations.id }).from(aiGenerations).where(isRunning(organizationId, false)).limit(limit);

/**
 * Generations of all organizations that run longer than allowed. Each organization, and each of its rows, has its
 * turn, so that rows that cannot be ended never block others.
 */
export const selectOverdue = (q: Queries, startedBefore: Date, limit: number) =>
  q
    .select()
    .from(aiGenerations)
    .where(and(eq(aiGenerations.status, 'running'), lt(aiGenerations.createdAt, startedBefore)))
    .orderBy(
      sql`row_number() over (partition by ${aiGenerations.organizationId}
        order by ${inTurn(aiGenerations.id, startedBefore)})`,
      inTurn(aiGenerations.organizationId, startedBefore),
    )
    .limit(limit);
