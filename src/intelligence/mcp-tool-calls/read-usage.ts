import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { mcpConnectionErrors, selectConnection } from '../mcp-connections/index.ts';
import { selectUsage } from './mcp-tool-calls.queries.ts';

/** The calls of the last days by tool. @throws AppError `mcp_connections.not_found`, or `auth.forbidden` without `ai:read` */
export async function getConnectionUsage(ctx: Ctx, connectionId: string, days: number) {
  requirePermission(ctx.actor, 'ai:read');
  const { organizationId } = ctx;
  const since = new Date(ctx.clock.now() - days * 86_400_000);
  const [[found], usage] = await ctx.read((q) => [
    selectConnection(q, organizationId, connectionId),
    selectUsage(q, organizationId, connectionId, since),
  ]);
  if (!found) throw mcpConnectionErrors.notFound();
  return { since, usage };
}
