import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { selectAgentsById, showsTo } from '../agents/index.ts';
import { askerOf } from '../generations/index.ts';
import { getTeam, type Team } from '../teams/index.ts';
import { teamRunErrors } from './team-runs.errors.ts';
import { teamRunDue } from './team-runs.events.ts';
import { insertRun } from './team-runs.queries.ts';
import type { StartTeamRun } from './team-runs.schemas.ts';
import type { RunTeam } from '../team-modes/index.ts';
import type { TeamRun } from './team-runs.tables.ts';

const keptOf = ({ name, mode, members, rounds, turnLimit, budgetMicros }: Team): RunTeam => ({
  name,
  mode,
  members,
  rounds,
  turnLimit,
  budgetMicros,
});

function newRun(ctx: Ctx, team: Team, { task }: StartTeamRun): TeamRun {
  const createdAt = new Date(ctx.clock.now());
  const asker = askerOf(ctx.actor);
  return {
    id: ctx.ids.create('teamRun'),
    organizationId: ctx.organizationId,
    teamId: team.id,
    owner: (asker.userId ?? asker.apiKeyId)!,
    ...asker,
    team: keptOf(team),
    task,
    state: 'running',
    reason: null,
    errorCode: null,
    result: null,
    agreed: null,
    turnCount: 0,
    spentMicros: 0,
    createdAt,
    endsBy: new Date(createdAt.getTime() + team.timeLimitSeconds * 1_000),
    endedAt: null,
    version: 1,
  };
}

/** @throws AppError `team_runs.member_gone` */
async function requireMembers(ctx: Ctx, { members }: Team): Promise<void> {
  const ids = members.map(({ agentId }) => agentId);
  const [found] = await ctx.read((q) => [selectAgentsById(q, ctx.organizationId, ids)]);
  const there = found.filter((agent) => agent.enabled && showsTo(ctx.actor, agent)).map(({ id }) => id);
  if (!ids.every((id) => there.includes(id))) throw teamRunErrors.memberGone();
}

/**
 * Starts a team on a task, in the background, with the authority and the budget of the caller.
 * @throws AppError `teams.not_found`, `team_runs.*`, `billing.feature_not_included` or `auth.forbidden`
 */
export async function startTeamRun(ctx: Ctx, teamId: string, input: StartTeamRun): Promise<TeamRun> {
  requirePermission(ctx.actor, 'ai:write');
  const team = await getTeam(ctx, teamId);
  await requireMembers(ctx, team);
  const run = newRun(ctx, team, input);
  const { id: runId, endsBy } = run;
  return ctx.commit({
    write: (q) => insertRun(q, run),
    audit: { action: 'team_run.started', target: { type: 'team_run', id: runId }, after: { teamId } },
    events: [
      teamRunDue.of({ runId }),
      // With a key of its own, because events with the same key wait for each other.
      teamRunDue.of({ runId }, { availableAtMs: endsBy.getTime(), key: `${runId} time limit` }),
    ],
    result: run,
  });
}
