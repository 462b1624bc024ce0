import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { TEAM_MODES } from './teams.enums.ts';
import type { TeamMember } from './teams.schemas.ts';

export const agentTeams = pgTable(
  'agent_teams',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    name: text('name').notNull(),
    description: text('description').notNull(),
    mode: enumColumn('mode', TEAM_MODES).notNull(),
    /** In order. A deleted agent remains until the team is changed, so that people see what is missing. */
    members: jsonb('members').$type<readonly TeamMember[]>().notNull(),
    rounds: integer('rounds').notNull(),
    turnLimit: integer('turn_limit').notNull(),
    /** The most that a run may cost, in millionths of a USD; null when only the budget of the organization applies. */
    budgetMicros: bigint('budget_micros', { mode: 'number' }),
    timeLimitSeconds: integer('time_limit_seconds').notNull(),
    /** The user or API key that created it. */
    author: text('author').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('agent_teams_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('agent_teams_mode_check', t.mode, TEAM_MODES),
  ],
);

export type Team = typeof agentTeams.$inferSelect;
