import type { Ctx } from '../../kernel/context/index.ts';
import { getConnection } from '../mcp-connections/index.ts';
import { selectUsage } from './mcp-tool-calls.queries.ts';

/** The calls of the last days by tool. @throws AppError as `getConnection` */
export async function getConnectionUsage(ctx: Ctx, connectionId: string, days: number) {
  await getConnection(ctx, connectionId);
  const since = new Date(ctx.clock.now() - days * 86_400_000);
  const [usage] = await ctx.read((q) => [selectUsage(q, ctx.organizationId, connectionId, since)]);
  return { since, usage };
}
