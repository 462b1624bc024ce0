import { customType, index, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { utcTimestamp } from '../../kernel/db/index.ts';
import { memoryChunks } from '../memory/memory.tables.ts';
import { DIMENSIONS } from './memory-search.rules.ts';

const halfvec = customType<{ data: string }>({ dataType: () => `halfvec(${DIMENSIONS})` });

/** The vectors of passages, apart from their texts, so that comparing all vectors of a space reads little. */
export const memoryVectors = pgTable(
  'memory_vectors',
  {
    chunkId: text('chunk_id')
      .primaryKey()
      .references(() => memoryChunks.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    /** The space of the passage. */
    space: text('space').notNull(),
    /** The model with its version. */
    model: text('model').notNull(),
    /** Of length 1. Null for a text that the model refuses, or that has no meaning. */
    embedding: halfvec('embedding'),
    embeddedAt: utcTimestamp('embedded_at').notNull(),
  },
  (t) => [
    index('memory_vectors_space_idx').on(t.organizationId, t.space),
    index('memory_vectors_embedding_idx').using('hnsw', t.embedding.op('halfvec_ip_ops')),
  ],
);
