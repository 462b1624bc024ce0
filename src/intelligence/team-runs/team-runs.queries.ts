import { and, asc, desc, eq, isNull, sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import {
  changeVersioned,
  deleteVersioned,
  inTurn,
  isBefore,
  mustHold,
  type Queries,
  type Statement,
} from '../../kernel/db/index.ts';
import { agents, agentVersions } from '../agents/agents.tables.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { teamRunErrors } from './team-runs.errors.ts';
import { type TeamRun, teamRuns, type TeamTurn, teamTurns } from './team-runs.tables.ts';

const MAX_RUNS = 500;
const MAX_RUNNING = 5;

/** Inserts a run, unless its owner has too many. Runs of one owner are inserted one after the other. */
export function insertRun(q: Queries, row: TeamRun): Statement[] {
  const { organizationId, owner, createdAt: now } = row;
  const isOwners = sql`${teamRuns.organizationId} = ${organizationId} and ${teamRuns.owner} = ${owner}`;
  return [
    q.execute(
      sql`select pg_advisory_xact_lock(hashtextextended(${`team runs ${organizationId} ${owner}`}, 0))`,
    ),
    q.insert(teamRuns).values(row),
    mustHold(
      q,
      sql`(select count(*) from ${teamRuns} where ${isOwners}) <= ${MAX_RUNS}`,
      teamRunErrors.tooMany,
    ),
    mustHold(
      q,
      sql`(select count(*) from ${teamRuns} where ${isOwners} and ${teamRuns.endedAt} is null) <= ${MAX_RUNNING}`,
      teamRunErrors.tooManyRunning,
    ),
    holdFeature(q, { organizationId, now, feature: 'agents' }),
  ];
}

const isRun = (organizationId: string, runId: string) =>
  and(eq(teamRuns.organizationId, organizationId), eq(teamRuns.id, runId));

export const selectRun = (q: Queries, organizationId: string, runId: string) =>
  q.select().from(teamRuns).where(isRun(organizationId, runId));

/** An owner's runs, the newest first; one more than `limit`. */
export const selectRuns = (
  q: Queries,
  organizationId: string,
  owner: string,
  { teamId, before, limit }: { teamId: string | undefined; before: string | undefined; limit: number },
) =>
  q
    .select()
    .from(teamRuns)
    .where(
      and(
        eq(teamRuns.organizationId, organizationId),
        eq(teamRuns.owner, owner),
        teamId === undefined ? undefined : eq(teamRuns.teamId, teamId),
        isBefore(teamRuns.id, before),
      ),
    )
    .orderBy(desc(teamRuns.id))
    .limit(limit + 1);

const isOfRun = (organizationId: string, runId: string) =>
  and(eq(teamTurns.organizationId, organizationId), eq(teamTurns.runId, runId));

/** All turns of a run, in order. */
export const selectTurns = (q: Queries, organizationId: string, runId: string) =>
  q.select().from(teamTurns).where(isOfRun(organizationId, runId)).orderBy(asc(teamTurns.position));

/** With their usage, in order; one more than `limit`. */
export const selectTurnsWithUsage = (
  q: Queries,
  organizationId: string,
  runId: string,
  { after, limit }: { after: number; limit: number },
) =>
  q
    .select({
      turn: teamTurns,
      model: aiGenerations.model,
      stopReason: aiGenerations.stopReason,
      inputTokens: aiGenerations.inputTokens,
      outputTokens: aiGenerations.outputTokens,
    })
    .from(teamTurns)
    .leftJoin(aiGenerations, eq(aiGenerations.id, teamTurns.generationId))
    .where(and(isOfRun(organizationId, runId), sql`${teamTurns.position} > ${after}`))
    .orderBy(asc(teamTurns.position))
    .limit(limit + 1);
export type TurnWithUsage = Awaited<ReturnType<typeof selectTurnsWithUsage>>[number];

/** The existing agents of a run, with their published versions. */
export const selectAgentsOfRun = (q: Queries, organizationId: string, runId: string) =>
  q
    .select({ agent: agents, version: agentVersions })
    .from(agents)
    .innerJoin(
      agentVersions,
      and(eq(agentVersions.agentId, agents.id), eq(agentVersions.number, agents.activeVersion)),
    )
    .where(
      and(
        eq(agents.organizationId, organizationId),
        sql`${agents.id} in (select each ->> 'agentId' from ${teamRuns}, jsonb_array_elements(${teamRuns.team} -> 'members') each
          where ${isRun(organizationId, runId)})`,
      ),
    );

export const selectRunOfGeneration = (q: Queries, organizationId: string, generationId: string) =>
  q
    .select({ runId: teamTurns.runId })
    .from(teamTurns)
    .where(and(eq(teamTurns.organizationId, organizationId), eq(teamTurns.generationId, generationId)));

/** Runs that have not ended, and whose team is deleted. */
export const selectRunsWithoutTeam = (q: Queries, organizationId: string) =>
  q
    .select({ id: teamRuns.id })
    .from(teamRuns)
    .where(
      and(eq(teamRuns.organizationId, organizationId), isNull(teamRuns.teamId), isNull(teamRuns.endedAt)),
    );

/** Runs of all organizations that have not ended, or whose last turn has not. */
export const selectOpenRuns = (q: Queries, now: Date, limit: number) =>
  q
    .select({ id: teamRuns.id, organizationId: teamRuns.organizationId })
    .from(teamRuns)
    .where(
      sql`${teamRuns.id} in (select id from team_runs where ended_at is null
        union all select run_id from team_turns where ended_at is null)`,
    )
    .orderBy(inTurn(teamRuns.id, now))
    .limit(limit);

/** Changes the row if it still has the version that was read; otherwise the commit fails with `request.stale`. */
export const changeRun = (q: Queries, row: TeamRun, set: Partial<TeamRun>): Statement =>
  changeVersioned(q, teamRuns, row, set);

export const deleteRunRow = (q: Queries, row: TeamRun): Statement => deleteVersioned(q, teamRuns, row);

export const insertTurn = (q: Queries, row: TeamTurn): Statement => q.insert(teamTurns).values(row);

export const changeTurn = (q: Queries, row: TeamTurn, set: Partial<TeamTurn>): Statement =>
  changeVersioned(q, teamTurns, row, set);
