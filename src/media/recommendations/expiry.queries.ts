import { inArray, lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { sendRecommendations } from './recommendations.tables.ts';

/** Deletes at most `limit` of the recommendations made before the moment. */
export function deleteOldRecommendations(q: Queries, before: Date, limit: number) {
  const { id, createdAt } = sendRecommendations;
  const old = q
    .select({ id })
    .from(sendRecommendations)
    .where(lt(createdAt, before))
    .orderBy(createdAt)
    .limit(limit);
  return q.delete(sendRecommendations).where(inArray(id, old));
}
