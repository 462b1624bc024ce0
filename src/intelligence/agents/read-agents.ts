import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, pageOf, type PageQuery, readCursor, requirePermission } from '../../kernel/core/index.ts';
import { agentErrors } from './agents.errors.ts';
import { selectAgent, selectAgents, selectAgentVersions, selectPublishedAgent } from './agents.queries.ts';
import { restrictedAuthor, showsTo } from './agents.rules.ts';
import type { Agent, AgentVersion } from './agents.tables.ts';

/** The agents that show to the caller, the newest first. @throws AppError `auth.forbidden` */
export async function listAgents(ctx: Ctx, { cursor, limit }: PageQuery): Promise<Page<Agent>> {
  requirePermission(ctx.actor, 'agents:read');
  const page = { before: readCursor(cursor), limit };
  const author = restrictedAuthor(ctx.actor);
  const [rows] = await ctx.read((q) => [selectAgents(q, ctx.organizationId, author, page)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** @throws AppError `agents.not_found` */
export function requireShown({ actor }: Ctx, agent: Agent | undefined): Agent {
  if (!agent || !showsTo(actor, agent)) throw agentErrors.notFound();
  return agent;
}

/** @throws AppError `agents.not_found`, also for one that does not show to the caller; `auth.forbidden` */
export async function getAgent(ctx: Ctx, agentId: string): Promise<Agent> {
  requirePermission(ctx.actor, 'agents:read');
  const [[agent]] = await ctx.read((q) => [selectAgent(q, ctx.organizationId, agentId)]);
  return requireShown(ctx, agent);
}

/** An agent with its published version. @throws AppError as `getAgent` */
export async function getPublishedAgent(
  ctx: Ctx,
  agentId: string,
): Promise<{ agent: Agent; version: AgentVersion }> {
  requirePermission(ctx.actor, 'agents:read');
  const [[found]] = await ctx.read((q) => [selectPublishedAgent(q, ctx.organizationId, agentId)]);
  return { agent: requireShown(ctx, found?.agent), version: found!.version };
}

/** The versions of an agent, the newest first. @throws AppError as `getAgent` */
export async function listAgentVersions(
  ctx: Ctx,
  agentId: string,
  { cursor, limit }: PageQuery,
): Promise<{ agent: Agent; page: Page<AgentVersion> }> {
  requirePermission(ctx.actor, 'agents:read');
  const after = readCursor(cursor);
  const page = { before: after === undefined ? undefined : Number(after), limit };
  const [[agent], rows] = await ctx.read((q) => [
    selectAgent(q, ctx.organizationId, agentId),
    selectAgentVersions(q, ctx.organizationId, agentId, page),
  ]);
  return { agent: requireShown(ctx, agent), page: pageOf(rows, limit, ({ number }) => String(number)) };
}
