import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { selectChecks } from './check-records.queries.ts';
import type { ModerationCheck } from './moderation-checks.tables.ts';

/** The checks by models in all rooms, the newest first. @throws AppError `auth.forbidden` */
export async function listChecks(ctx: Ctx, { limit, cursor }: PageQuery): Promise<Page<ModerationCheck>> {
  requirePermission(ctx.actor, 'moderation:read');
  const page = { before: readCursor(cursor), limit };
  const viewer = restrictedViewer(ctx.actor);
  const [rows] = await ctx.read((q) => [selectChecks(q, ctx.organizationId, viewer, page)]);
  return pageOf(
    rows.map(({ check }) => check),
    limit,
    ({ id }) => id,
  );
}
