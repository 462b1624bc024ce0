import { inArray, lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { sendRecommendations } from './recommendations.tables.ts';

const { id, createdAt } = sendRecommendations;

const selectOld = (q: Queries, before: Date, limit: number) =>
  q.select({ id }).from(sendRecommendations).where(lt(createdAt, before)).orderBy(createdAt).limit(limit);

/** A row when recommendations made before the moment are stored; otherwise none. */
export const selectOldRecommendation = (q: Queries, before: Date) => selectOld(q, before, 1);

/** Deletes at most `limit` of the recommendations made before the moment. */
export const deleteOldRecommendations = (q: Queries, before: Date, limit: number) =>
  q.delete(sendRecommendations).where(inArray(id, selectOld(q, before, limit)));
