import { and, desc, eq } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  insertWithin,
  isBefore,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { teamErrors } from './teams.errors.ts';
import { agentTeams, type Team } from './teams.tables.ts';

const MAX_TEAMS = 100;

/** Inserts a team, if the plan of the organization includes agents. */
export const insertTeam = (q: Queries, row: Team): Statement[] => [
  ...insertWithin(q, agentTeams, row, { most: MAX_TEAMS, error: teamErrors.tooMany }),
  holdFeature(q, { organizationId: row.organizationId, now: row.createdAt, feature: 'agents' }),
];

export const selectTeam = (q: Queries, organizationId: string, teamId: string) =>
  q
    .select()
    .from(agentTeams)
    .where(and(eq(agentTeams.organizationId, organizationId), eq(agentTeams.id, teamId)));

/** The newest first; one more than `limit`. */
export const selectTeams = (
  q: Queries,
  organizationId: string,
  { before, limit }: { before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(agentTeams)
    .where(and(eq(agentTeams.organizationId, organizationId), isBefore(agentTeams.id, before)))
    .orderBy(desc(agentTeams.id))
    .limit(limit + 1);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeTeam = (q: Queries, row: Team, set: Partial<Team>): Statement =>
  changeVersioned(q, agentTeams, row, set);

export const deleteTeamRow = (q: Queries, row: Team): Statement => deleteVersioned(q, agentTeams, row);
