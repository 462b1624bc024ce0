import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
} from '../../kernel/core/index.ts';
import { teamRunErrors } from './team-runs.errors.ts';
import { selectRun, selectRuns, selectTurnsWithUsage, type TurnWithUsage } from './team-runs.queries.ts';
import type { ListTeamRuns } from './team-runs.schemas.ts';
import type { TeamRun } from './team-runs.tables.ts';

/** The caller's own runs, the newest first. @throws AppError `auth.forbidden` */
export async function listTeamRuns(
  ctx: Ctx,
  { cursor, limit, teamId }: ListTeamRuns,
): Promise<Page<TeamRun>> {
  requirePermission(ctx.actor, 'agents:read');
  const filter = { teamId, before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectRuns(q, ctx.organizationId, actorId(ctx.actor)!, filter)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** A run of the caller. @throws AppError `team_runs.not_found` or `auth.forbidden` */
export async function getTeamRun(ctx: Ctx, runId: string): Promise<TeamRun> {
  requirePermission(ctx.actor, 'agents:read');
  const [[run]] = await ctx.read((q) => [selectRun(q, ctx.organizationId, runId)]);
  if (run?.owner !== actorId(ctx.actor)) throw teamRunErrors.notFound();
  return run;
}

/** The turns of a run of the caller, the first turn first. @throws AppError as `getTeamRun` */
export async function listTeamTurns(
  ctx: Ctx,
  runId: string,
  { cursor, limit }: PageQuery,
): Promise<{ run: TeamRun; page: Page<TurnWithUsage> }> {
  requirePermission(ctx.actor, 'agents:read');
  const { organizationId } = ctx;
  const page = { after: Number(readCursor(cursor) ?? 0), limit };
  const [[run], rows] = await ctx.read((q) => [
    selectRun(q, organizationId, runId),
    selectTurnsWithUsage(q, organizationId, runId, page),
  ]);
  if (run?.owner !== actorId(ctx.actor)) throw teamRunErrors.notFound();
  return { run, page: pageOf(rows, limit, ({ turn }) => String(turn.position)) };
}
