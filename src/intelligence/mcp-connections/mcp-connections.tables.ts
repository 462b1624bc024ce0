import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import type { McpTool } from '../mcp-client/index.ts';
import { AUTHORIZATION_KINDS, CONNECTION_PROBLEMS, CONNECTION_STATUSES } from './mcp-connections.enums.ts';

/** External MCP servers that an organization uses. */
export const mcpConnections = pgTable(
  'mcp_connections',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    url: text('url').notNull(),
    headerNames: text('header_names').array().notNull(),
    /** The headers as JSON, encrypted and bound to this row. */
    sealedHeaders: text('sealed_headers').notNull(),
    authorization: enumColumn('authorization', AUTHORIZATION_KINDS).notNull().default('headers'),
    /** The grant of a consent as JSON, encrypted and bound to this row; null without one. */
    sealedGrant: text('sealed_grant'),
    /** When the access token ends; null when it has no end. */
    tokenEndsAt: utcTimestamp('token_ends_at'),
    /** Until then, only one request refreshes the grant. */
    refreshingUntil: utcTimestamp('refreshing_until'),
    /** The scope that a call needed and the person has not consented to; null for none. */
    missingScope: text('missing_scope'),
    /** The person who consented. */
    consentedBy: id('consented_by').references(() => users.id, { onDelete: 'set null' }),
    enabled: boolean('enabled').notNull(),
    /** Names of the tools that may be called; null for all. */
    allowedTools: text('allowed_tools').array(),
    /** Names of the tools that agents call without confirmation, as long as they only read. */
    unconfirmedTools: text('unconfirmed_tools').array().notNull().default([]),
    /** The name that the server gave itself in its last successful test. */
    serverName: text('server_name').notNull(),
    protocolVersion: text('protocol_version').notNull(),
    tools: jsonb('tools').$type<McpTool[]>().notNull(),
    status: enumColumn('status', CONNECTION_STATUSES).notNull(),
    /** Null if and only if it is working. */
    problem: enumColumn('problem', CONNECTION_PROBLEMS),
    testedAt: utcTimestamp('tested_at').notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('mcp_connections_organization_id_idx').on(t.organizationId, t.id),
    index('mcp_connections_created_by_idx').on(t.createdBy),
    index('mcp_connections_consented_by_idx').on(t.consentedBy),
    enumCheck('mcp_connections_authorization_check', t.authorization, AUTHORIZATION_KINDS),
    enumCheck('mcp_connections_status_check', t.status, CONNECTION_STATUSES),
    enumCheck('mcp_connections_problem_check', t.problem, CONNECTION_PROBLEMS),
  ],
);
export type McpConnection = typeof mcpConnections.$inferSelect;
