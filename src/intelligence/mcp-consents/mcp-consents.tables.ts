import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { id, utcTimestamp } from '../../kernel/db/index.ts';
import { mcpConnections } from '../mcp-connections/mcp-connections.tables.ts';

/** Consents that persons have begun and not completed. */
export const mcpConsents = pgTable(
  'mcp_consents',
  {
    /** A keyed hash of the value that comes back with the answer. */
    stateHash: text('state_hash').primaryKey(),
    organizationId: tenant(),
    connectionId: id('connection_id')
      .notNull()
      .references(() => mcpConnections.id, { onDelete: 'cascade' }),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The grant so far, as JSON, encrypted and bound to this row. */
    sealedGrant: text('sealed_grant').notNull(),
    endsAt: utcTimestamp('ends_at').notNull(),
  },
  (t) => [
    uniqueIndex('mcp_consents_connection_id_user_id_key').on(t.connectionId, t.userId),
    index('mcp_consents_organization_id_idx').on(t.organizationId),
    index('mcp_consents_user_id_idx').on(t.userId),
    index('mcp_consents_ends_at_idx').on(t.endsAt),
  ],
);
export type McpConsent = typeof mcpConsents.$inferSelect;
