import { and, asc, desc, eq, getTableColumns, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm';
import {
  changeVersioned,
  deleteVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
} from '../../kernel/db/index.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { batchErrors } from './generation-batches.errors.ts';
import { aiBatches, aiBatchRequests, type Batch, type BatchRequestRow } from './generation-batches.tables.ts';

/** Each is looked after by the sweep, and holds a part of the budget. */
const MAX_RUNNING = 20;

/** Stores a batch. Commits of one organization wait for each other, so that each counts all earlier batches. */
export const insertBatch = (q: Queries, row: Batch, requests: BatchRequestRow[]) => [
  q.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`ai batches ${row.organizationId}`}, 0))`),
  q.insert(aiBatches).values(row),
  q.insert(aiBatchRequests).values(requests),
  mustHold(
    q,
    sql`(select count(*) from ${aiBatches} where ${aiBatches.organizationId} = ${row.organizationId}
      and ${aiBatches.endedAt} is null) <= ${MAX_RUNNING}`,
    batchErrors.tooManyRunning,
  ),
];

const isBatch = (organizationId: string, batchId: string) =>
  and(eq(aiBatches.organizationId, organizationId), eq(aiBatches.id, batchId));

export const selectAiBatch = (q: Queries, organizationId: string, batchId: string) =>
  q.select().from(aiBatches).where(isBatch(organizationId, batchId));

/** The batches of one user or API key, the newest first; one more than `limit`. */
export const selectBatchesOf = (
  q: Queries,
  organizationId: string,
  { userId, apiKeyId }: Pick<Batch, 'userId' | 'apiKeyId'>,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(aiBatches)
    .where(
      and(
        eq(aiBatches.organizationId, organizationId),
        userId === null ? eq(aiBatches.apiKeyId, apiKeyId!) : eq(aiBatches.userId, userId),
        isBefore(aiBatches.id, before),
      ),
    )
    .orderBy(desc(aiBatches.id))
    .limit(limit + 1);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeBatch = (q: Queries, row: Batch, set: Partial<Batch>) =>
  changeVersioned(q, aiBatches, row, set);

/** Deletes a batch with its requests. */
export const deleteBatchRow = (q: Queries, row: Batch) => deleteVersioned(q, aiBatches, row);

const ofBatch = (organizationId: string, batchId: string) =>
  and(eq(aiBatchRequests.organizationId, organizationId), eq(aiBatchRequests.batchId, batchId));

export const selectRequests = (q: Queries, organizationId: string, batchId: string) =>
  q
    .select()
    .from(aiBatchRequests)
    .where(ofBatch(organizationId, batchId))
    .orderBy(asc(aiBatchRequests.position));

/** A page of requests with the generations that record their results, in their order; one more than `limit`. */
export const selectResults = (
  q: Queries,
  organizationId: string,
  batchId: string,
  { after, limit }: { after: number; limit: number },
) =>
  q
    .select({ request: getTableColumns(aiBatchRequests), generation: getTableColumns(aiGenerations) })
    .from(aiBatchRequests)
    .leftJoin(aiGenerations, eq(aiGenerations.id, aiBatchRequests.generationId))
    .where(and(ofBatch(organizationId, batchId), gt(aiBatchRequests.position, after)))
    .orderBy(asc(aiBatchRequests.position))
    .limit(limit + 1);

export const updateRequest = (
  q: Queries,
  { organizationId, batchId, position }: BatchRequestRow,
  set: Partial<BatchRequestRow>,
) =>
  q
    .update(aiBatchRequests)
    .set(set)
    .where(and(ofBatch(organizationId, batchId), eq(aiBatchRequests.position, position)));

/** Batches of all organizations whose providers shall be asked; each has its turn. */
export const selectDueBatches = (q: Queries, now: Date, limit: number) =>
  q
    .select()
    .from(aiBatches)
    .where(and(isNotNull(aiBatches.nextPollAt), lte(aiBatches.nextPollAt, now)))
    .orderBy(inTurn(aiBatches.id, now))
    .limit(limit);

/** Batches that their provider is working on. */
export const selectRunningBatches = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(aiBatches)
    .where(and(eq(aiBatches.organizationId, organizationId), eq(aiBatches.status, 'running')))
    .limit(MAX_RUNNING);

/** The API key that asked, with what decides whether it still may. */
export const selectAskingKey = (q: Queries, organizationId: string, apiKeyId: string | null, now: Date) =>
  q.execute<{ scopes: string[] }>(sql`
    select scopes from api_keys where organization_id = ${organizationId} and id = ${apiKeyId}
      and revoked_at is null and (expires_at is null or expires_at > ${now.toISOString()}::timestamptz)`);

/** Deletes batches of all organizations that ended before a moment, with their answers. */
export const deleteOldBatches = (q: Queries, before: Date, limit: number) =>
  q
    .delete(aiBatches)
    .where(
      inArray(
        aiBatches.id,
        q.select({ id: aiBatches.id }).from(aiBatches).where(lte(aiBatches.endedAt, before)).limit(limit),
      ),
    )
    .returning({ id: aiBatches.id });
