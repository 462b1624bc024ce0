import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp } from '../../kernel/db/index.ts';

/** The head of each organization's chain. Locked while a run seals, so that sealing runs follow one another. */
export const auditChains = pgTable('audit_chains', {
  organizationId: id('organization_id').primaryKey(),
  headSeq: bigint('head_seq', { mode: 'number' }).notNull(),
  headHash: text('head_hash').notNull(),
  sealedAt: utcTimestamp('sealed_at').notNull(),
});

export const auditCheckpoints = pgTable(
  'audit_checkpoints',
  {
    organizationId: id('organization_id').notNull(),
    seq: bigint('seq', { mode: 'number' }).notNull(),
    headHash: text('head_hash').notNull(),
    /** Compact JWS over organization, count, head and time. */
    signature: text('signature').notNull(),
    keyId: text('key_id').notNull(),
    createdAt: createdAt(),
    /** When it was copied to object storage; null until then. */
    copiedAt: utcTimestamp('copied_at'),
    version: integer('version').notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.seq] }),
    index('audit_checkpoints_uncopied_idx')
      .on(t.organizationId, t.seq)
      .where(sql`${t.copiedAt} is null`),
  ],
);
