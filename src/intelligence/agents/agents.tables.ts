import { boolean, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { AGENT_AUDIENCES } from './agents.enums.ts';
import type { AgentDefinition } from './agents.schemas.ts';

export const agents = pgTable(
  'agents',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    enabled: boolean('enabled').notNull(),
    audience: enumColumn('audience', AGENT_AUDIENCES).notNull(),
    /** The published version. */
    activeVersion: integer('active_version').notNull(),
    newestVersion: integer('newest_version').notNull(),
    /** The user or API key that created it. */
    author: text('author').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('agents_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('agents_audience_check', t.audience, AGENT_AUDIENCES),
  ],
);

export type Agent = typeof agents.$inferSelect;

/** Instructions, models and memory of an agent. A version never changes. */
export const agentVersions = pgTable(
  'agent_versions',
  {
    organizationId: tenant(),
    agentId: id('agent_id')
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    definition: jsonb('definition').$type<AgentDefinition>().notNull(),
    /** The user or API key that wrote it. */
    author: text('author').notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.agentId, t.number] }),
    index('agent_versions_organization_id_idx').on(t.organizationId),
  ],
);

export type AgentVersion = typeof agentVersions.$inferSelect;
