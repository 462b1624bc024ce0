import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lte, sql } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/index.ts';
import type { Queries, Transaction } from '../../kernel/db/index.ts';
import { EMPTY_CHAIN, type ChainEntry, type ChainHead, type EntrySeal } from './audit-chain.rules.ts';
import { auditChains, auditCheckpoints } from './audit-chain.tables.ts';

type AuditLogRow = typeof auditLogs.$inferSelect;
export type CheckpointRow = typeof auditCheckpoints.$inferSelect;

export function toAuditEntry({ createdAt, erasedAt, ...rest }: AuditLogRow): ChainEntry {
  return { ...rest, createdAt: createdAt.toISOString(), erasedAt: erasedAt?.toISOString() ?? null };
}

/** Locks the row of the chain until the transaction ends, so that sealing runs of an organization follow one another. */
export async function lockChainHead(tx: Transaction, organizationId: string, now: Date): Promise<ChainHead> {
  const { seq: headSeq, hash: headHash } = EMPTY_CHAIN;
  await tx
    .insert(auditChains)
    .values({ organizationId, headSeq, headHash, sealedAt: now })
    .onConflictDoNothing();
  const [row] = await tx
    .select()
    .from(auditChains)
    .where(eq(auditChains.organizationId, organizationId))
    .for('update');
  return row ? { seq: row.headSeq, hash: row.headHash } : EMPTY_CHAIN;
}

/** The oldest unsealed entries; ids sort by creation time. */
export async function selectUnsealedEntries(
  tx: Transaction,
  organizationId: string,
  limit: number,
): Promise<ChainEntry[]> {
  const rows = await tx
    .select()
    .from(auditLogs)
    .where(and(eq(auditLogs.organizationId, organizationId), isNull(auditLogs.seq)))
    .orderBy(asc(auditLogs.id))
    .limit(limit);
  return rows.map(toAuditEntry);
}

/** Writes all seals with one statement. */
export async function writeSeals(tx: Transaction, organizationId: string, seals: EntrySeal[]): Promise<void> {
  await tx.execute(sql`update ${auditLogs} set seq = s.seq, previous_hash = s."previousHash", hash = s.hash
    from jsonb_to_recordset(${JSON.stringify(seals)}::jsonb) as s(id text, seq bigint, "previousHash" text, hash text)
    where audit_logs.id = s.id and audit_logs.organization_id = ${organizationId} and audit_logs.seq is null`);
}

export async function updateChainHead(
  tx: Transaction,
  head: ChainHead,
  checkpoint: typeof auditCheckpoints.$inferInsert,
): Promise<void> {
  await tx
    .update(auditChains)
    .set({ headSeq: head.seq, headHash: head.hash, sealedAt: checkpoint.createdAt })
    .where(eq(auditChains.organizationId, checkpoint.organizationId));
  await tx.insert(auditCheckpoints).values(checkpoint);
}

/** Organizations with unsealed entries, the longest waiting first. */
export function selectOrganizationsToSeal(q: Queries, limit: number) {
  const oldest = sql<string>`min(${auditLogs.id})`;
  return q
    .select({ organizationId: auditLogs.organizationId })
    .from(auditLogs)
    .where(isNull(auditLogs.seq))
    .groupBy(auditLogs.organizationId)
    .orderBy(oldest)
    .limit(limit);
}

export function selectOrganizationsToCopy(q: Queries, limit: number) {
  return q
    .selectDistinct({ organizationId: auditCheckpoints.organizationId })
    .from(auditCheckpoints)
    .where(isNull(auditCheckpoints.copiedAt))
    .limit(limit);
}

export function selectUncopiedCheckpoints(q: Queries, organizationId: string, limit: number) {
  return q
    .select()
    .from(auditCheckpoints)
    .where(and(eq(auditCheckpoints.organizationId, organizationId), isNull(auditCheckpoints.copiedAt)))
    .orderBy(asc(auditCheckpoints.seq))
    .limit(limit);
}

export function markCheckpointsCopied(q: Queries, organizationId: string, seqs: number[], now: Date) {
  return q
    .update(auditCheckpoints)
    .set({ copiedAt: now })
    .where(and(eq(auditCheckpoints.organizationId, organizationId), inArray(auditCheckpoints.seq, seqs)));
}

/** Checkpoints over `fromSeq` or later, newest first. */
export function selectCheckpoints(q: Queries, organizationId: string, fromSeq: number, limit: number) {
  return q
    .select()
    .from(auditCheckpoints)
    .where(and(eq(auditCheckpoints.organizationId, organizationId), gt(auditCheckpoints.seq, fromSeq - 1)))
    .orderBy(desc(auditCheckpoints.seq))
    .limit(limit);
}

/** The head of the chain and its checkpoint, read at one moment. */
export function selectChainHead(q: Queries, organizationId: string) {
  return q
    .select({ seq: auditChains.headSeq, hash: auditChains.headHash, signature: auditCheckpoints.signature })
    .from(auditChains)
    .leftJoin(
      auditCheckpoints,
      and(
        eq(auditCheckpoints.organizationId, auditChains.organizationId),
        eq(auditCheckpoints.seq, auditChains.headSeq),
      ),
    )
    .where(eq(auditChains.organizationId, organizationId));
}

export function selectCheckpoint(q: Queries, organizationId: string, seq: number) {
  return q
    .select({ signature: auditCheckpoints.signature })
    .from(auditCheckpoints)
    .where(and(eq(auditCheckpoints.organizationId, organizationId), eq(auditCheckpoints.seq, seq)));
}

/** The highest number in the log itself, independent of the chain's row. */
export function selectLastSeq(q: Queries, organizationId: string) {
  return q
    .select({ seq: auditLogs.seq })
    .from(auditLogs)
    .where(and(eq(auditLogs.organizationId, organizationId), isNotNull(auditLogs.seq)))
    .orderBy(desc(auditLogs.seq))
    .limit(1);
}

export function countUnsealedEntries(q: Queries, organizationId: string) {
  return q
    .select({ count: sql<number>`count(*)::int` })
    .from(auditLogs)
    .where(and(eq(auditLogs.organizationId, organizationId), isNull(auditLogs.seq)));
}

/** The head of the chain before entry `seq`. */
export function selectHeadBefore(q: Queries, organizationId: string, seq: number) {
  return q
    .select({ seq: sql<number>`${auditLogs.seq}`.mapWith(Number), hash: sql<string>`${auditLogs.hash}` })
    .from(auditLogs)
    .where(and(eq(auditLogs.organizationId, organizationId), eq(auditLogs.seq, seq - 1)));
}

/** Sealed entries in order, after `after` and up to `until`. */
export function selectSealedEntries(
  q: Queries,
  organizationId: string,
  after: number,
  until: number,
  limit: number,
) {
  return q
    .select()
    .from(auditLogs)
    .where(
      and(eq(auditLogs.organizationId, organizationId), gt(auditLogs.seq, after), lte(auditLogs.seq, until)),
    )
    .orderBy(asc(auditLogs.seq))
    .limit(limit);
}
