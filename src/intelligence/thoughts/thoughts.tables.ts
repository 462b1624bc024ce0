import { boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, id } from '../../kernel/db/index.ts';

/** Steps of thinking that a model writes down, for a day. */
export const thoughts = pgTable(
  'thoughts',
  {
    organizationId: tenant(),
    chainId: id('chain_id').notNull(),
    /** Its number in the chain, from 1. */
    ordinal: integer('ordinal').notNull(),
    /** A keyed hash of the user or API key that owns the chain. */
    holderHash: text('holder_hash').notNull(),
    thought: text('thought').notNull(),
    /** The number that the model gives it; branches can share a number. */
    thoughtNumber: integer('thought_number').notNull(),
    totalThoughts: integer('total_thoughts').notNull(),
    nextThoughtNeeded: boolean('next_thought_needed').notNull(),
    revisesThought: integer('revises_thought'),
    branchFromThought: integer('branch_from_thought'),
    branchId: text('branch_id'),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ name: 'thoughts_pkey', columns: [t.chainId, t.ordinal] }),
    index('thoughts_organization_id_holder_hash_idx').on(t.organizationId, t.holderHash),
    index('thoughts_created_at_idx').on(t.createdAt),
  ],
);
export type ThoughtRow = typeof thoughts.$inferSelect;
/** The facts that decide whether another thought can be added. */
export type ThoughtOutline = Pick<ThoughtRow, 'ordinal' | 'thoughtNumber' | 'branchId'>;
