import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { teamErrors } from './teams.errors.ts';
import { selectTeam, selectTeams } from './teams.queries.ts';
import type { Team } from './teams.tables.ts';

/** The teams of the organization, the newest first. @throws AppError `auth.forbidden` */
export async function listTeams(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Team>> {
  requirePermission(ctx.actor, 'agents:read');
  const page = { before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectTeams(q, ctx.organizationId, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `teams.not_found` or `auth.forbidden` */
export async function getTeam(ctx: Ctx, teamId: string): Promise<Team> {
  requirePermission(ctx.actor, 'agents:read');
  const [[team]] = await ctx.read((q) => [selectTeam(q, ctx.organizationId, teamId)]);
  if (!team) throw teamErrors.notFound();
  return team;
}
