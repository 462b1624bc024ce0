import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { agents } from '../agents/agents.tables.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { type RunTeam, TURN_PURPOSES } from '../team-modes/index.ts';
import { agentTeams } from '../teams/teams.tables.ts';
import { RUN_REASONS, RUN_STATES, TURN_STATES } from './team-runs.enums.ts';

/** The work of a team on a task, for one person or API key. */
export const teamRuns = pgTable(
  'team_runs',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    teamId: id('team_id').references(() => agentTeams.id, { onDelete: 'set null' }),
    /** The user or API key that owns it, and with which it is deleted. The tenant policy hides it from all others. */
    owner: text('owner').notNull(),
    userId: id('user_id'),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'cascade' }),
    team: jsonb('team').$type<RunTeam>().notNull(),
    task: text('task').notNull(),
    state: enumColumn('state', RUN_STATES).notNull(),
    reason: enumColumn('reason', RUN_REASONS),
    /** Code of the error that refused a turn. */
    errorCode: text('error_code'),
    result: text('result'),
    /** Whether a consensus was reached; null for other modes, and until the end. */
    agreed: boolean('agreed'),
    turnCount: integer('turn_count').notNull(),
    /** The amount that counts against the budget of the run, in millionths of a USD: at least the cost of its turns. */
    spentMicros: bigint('spent_micros', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
    endsBy: utcTimestamp('ends_by').notNull(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('team_runs_owner_idx').on(t.organizationId, t.owner, t.id),
    index('team_runs_team_id_idx').on(t.teamId),
    index('team_runs_user_id_idx').on(t.organizationId, t.userId),
    index('team_runs_api_key_id_idx').on(t.apiKeyId),
    index('team_runs_running_idx')
      .on(t.organizationId)
      .where(sql`${t.endedAt} is null`),
    foreignKey({
      name: 'team_runs_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    check('team_runs_owner_check', sql`${t.owner} = coalesce(${t.userId}, ${t.apiKeyId})`),
    enumCheck('team_runs_state_check', t.state, RUN_STATES),
    enumCheck('team_runs_reason_check', t.reason, RUN_REASONS),
    check('team_runs_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
    check(
      'team_runs_reason_state_check',
      sql`(${t.state} = 'incomplete' or ${t.state} = 'failed') = (${t.reason} is not null)`,
    ),
  ],
);

export type TeamRun = typeof teamRuns.$inferSelect;

export const teamTurns = pgTable(
  'team_turns',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    runId: id('run_id')
      .notNull()
      .references(() => teamRuns.id, { onDelete: 'cascade' }),
    /** The owner of the run. */
    owner: text('owner').notNull(),
    /** From 1. */
    position: integer('position').notNull(),
    round: integer('round').notNull(),
    /** Index of the member in the team. */
    member: integer('member').notNull(),
    purpose: enumColumn('purpose', TURN_PURPOSES).notNull(),
    agentId: id('agent_id').references(() => agents.id, { onDelete: 'set null' }),
    agentVersion: integer('agent_version').notNull(),
    state: enumColumn('state', TURN_STATES).notNull(),
    failure: enumColumn('failure', GENERATION_FAILURES),
    text: text('text').notNull(),
    /** The present or last answer; null while the turn waits for another attempt. */
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    /** Number of attempts. */
    attempts: integer('attempts').notNull(),
    /** The turn is not repeated before this moment. */
    askAfter: utcTimestamp('ask_after'),
    /** The most that the current attempt can cost, if the run has a budget. */
    reservedMicros: bigint('reserved_micros', { mode: 'number' }),
    /** Its cost by the figures of providers; null when a price is unknown. */
    costMicros: bigint('cost_micros', { mode: 'number' }),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('team_turns_position_key').on(t.runId, t.position),
    index('team_turns_organization_id_idx').on(t.organizationId),
    index('team_turns_agent_id_idx').on(t.agentId),
    index('team_turns_generation_id_idx').on(t.generationId),
    index('team_turns_running_idx')
      .on(t.runId)
      .where(sql`${t.endedAt} is null`),
    enumCheck('team_turns_purpose_check', t.purpose, TURN_PURPOSES),
    enumCheck('team_turns_state_check', t.state, TURN_STATES),
    enumCheck('team_turns_failure_check', t.failure, GENERATION_FAILURES),
    check('team_turns_ended_check', sql`(${t.state} = 'running') = (${t.endedAt} is null)`),
  ],
);

export type TeamTurn = typeof teamTurns.$inferSelect;
