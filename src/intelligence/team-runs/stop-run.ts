import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission, retryStale } from '../../kernel/core/index.ts';
import { cancelTurn, earlyEnding, endOf } from './end-run.ts';
import { getTeamRun } from './read-runs.ts';
import { teamRunErrors } from './team-runs.errors.ts';
import { deleteRunRow, selectTurns } from './team-runs.queries.ts';
import type { TeamRun } from './team-runs.tables.ts';

const targetOf = ({ id }: TeamRun) => ({ type: 'team_run', id });

/**
 * Ends a run of the caller, and the answer in progress; the result so far is kept.
 * @throws AppError as `getTeamRun`, or `team_runs.over`
 */
export async function stopTeamRun(ctx: Ctx, runId: string): Promise<TeamRun> {
  requirePermission(ctx.actor, 'ai:write');
  // A turn may end at the same moment.
  return retryStale(3, () => stop(ctx, runId));
}

async function stop(ctx: Ctx, runId: string): Promise<TeamRun> {
  const run = await getTeamRun(ctx, runId);
  if (run.endedAt !== null) throw teamRunErrors.over();
  const [turns] = await ctx.read((q) => [selectTurns(q, ctx.organizationId, runId)]);
  const stopped = await ctx.commit({
    ...endOf(ctx, run, turns, earlyEnding(run, turns, null)),
    audit: { action: 'team_run.stopped', target: targetOf(run) },
  });
  // If this is lost, the sweep repeats it.
  await cancelTurn(ctx, turns);
  return stopped;
}

/** Deletes a run of the caller that has ended, with its turns. @throws AppError as `getTeamRun`, or `team_runs.running` */
export async function deleteTeamRun(ctx: Ctx, runId: string): Promise<void> {
  requirePermission(ctx.actor, 'ai:write');
  // Its last turn may be settled at the same moment.
  return retryStale(3, async () => {
    const run = await getTeamRun(ctx, runId);
    if (run.endedAt === null) throw teamRunErrors.running();
    return ctx.commit({
      write: (q) => [deleteRunRow(q, run)],
      audit: { action: 'team_run.deleted', target: targetOf(run) },
      result: undefined,
    });
  });
}
