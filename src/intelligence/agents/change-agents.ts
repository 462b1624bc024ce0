import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import type { Tool } from '../../platform/tools/index.ts';
import { requireTools } from '../agent-tools/index.ts';
import { diffFields, type IfMatch, requirePermission, requireVersion } from '../../kernel/core/index.ts';
import {
  changeAgent,
  deleteAgentRow,
  insertAgent,
  insertVersion,
  selectAgent,
  selectGenerationsOf,
  selectVersion,
} from './agents.queries.ts';
import { agentErrors } from './agents.errors.ts';
import { requireChangeable, requireModels } from './agents.rules.ts';
import type { CreateAgent, CreateAgentVersion, UpdateAgent } from './agents.schemas.ts';
import type { Agent, AgentVersion } from './agents.tables.ts';
import { auditOfAgent, newAgent, versionOf } from './new-agent.ts';
import { getAgent, requireShown } from './read-agents.ts';
import { requireVoice } from './require-voice.ts';

const MAX_VERSIONS = 1_000;

const targetOf = ({ id }: Pick<Agent, 'id'>) => ({ type: 'agent', id });

/** @throws AppError `agents.too_many`, `request.invalid`, `speech.*`, `billing.feature_not_included` or `auth.forbidden` */
export async function createAgent(ctx: Ctx, input: CreateAgent, tools: readonly Tool[]): Promise<Agent> {
  requirePermission(ctx.actor, 'agents:write');
  const created = newAgent(ctx, input);
  await requireTools(ctx, input.definition.tools, tools);
  await requireVoice(ctx, input.definition.voice);
  return ctx.commit({
    write: (q) => insertAgent(q, created.agent, created.first),
    audit: auditOfAgent(created),
    result: created.agent,
  });
}

async function getChangeable(ctx: Ctx, agentId: string, ifMatch?: IfMatch): Promise<Agent> {
  requirePermission(ctx.actor, 'agents:write');
  const agent = await getAgent(ctx, agentId);
  requireChangeable(ctx.actor, agent);
  if (ifMatch !== undefined) requireVersion(agent, ifMatch);
  return agent;
}

/** Changes the given fields of an agent. @throws AppError `agents.not_found`, `request.stale` or `auth.forbidden` */
export async function updateAgent(
  ctx: Ctx,
  agentId: string,
  input: UpdateAgent,
  ifMatch: IfMatch,
): Promise<Agent> {
  const agent = await getChangeable(ctx, agentId, ifMatch);
  const set = { ...input, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeAgent(q, agent, set)],
    audit: { action: 'agent.updated', target: targetOf(agent), ...diffFields(agent, input) },
    result: { ...agent, ...set, version: agent.version + 1 },
  });
}

/** Writes a new version. @throws AppError as `updateAgent`, `agents.too_many_versions`, `speech.*` or `request.invalid` */
export async function createAgentVersion(
  ctx: Ctx,
  agentId: string,
  { definition, publish }: CreateAgentVersion,
  tools: readonly Tool[],
): Promise<{ agent: Agent; version: AgentVersion }> {
  requirePermission(ctx.actor, 'agents:write');
  requireModels(definition);
  await requireTools(ctx, definition.tools, tools);
  await requireVoice(ctx, definition.voice);
  const agent = await getChangeable(ctx, agentId);
  if (agent.newestVersion >= MAX_VERSIONS) throw agentErrors.tooManyVersions();
  const version = versionOf(ctx, agentId, agent.newestVersion + 1, definition);
  const { number } = version;
  const set = {
    newestVersion: number,
    updatedAt: version.createdAt,
    ...(publish ? { activeVersion: number } : {}),
  };
  return ctx.commit({
    write: (q) => [changeAgent(q, agent, set), insertVersion(q, version)],
    audit: {
      action: publish ? 'agent.published' : 'agent.version_created',
      target: targetOf(agent),
      before: { activeVersion: agent.activeVersion },
      after: { version: number, model: definition.model },
    },
    result: { agent: { ...agent, ...set, version: agent.version + 1 }, version },
  });
}

/** Publishes a version, a newer or an earlier one. @throws AppError as `updateAgent`, or `agents.version_not_found` */
export async function publishAgent(ctx: Ctx, agentId: string, number: number): Promise<Agent> {
  requirePermission(ctx.actor, 'agents:write');
  const { organizationId } = ctx;
  const [[found], [version]] = await ctx.read((q) => [
    selectAgent(q, organizationId, agentId),
    selectVersion(q, organizationId, agentId, number),
  ]);
  const agent = requireShown(ctx, found);
  requireChangeable(ctx.actor, agent);
  if (!version) throw agentErrors.versionNotFound();
  const set = { activeVersion: number, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeAgent(q, agent, set)],
    audit: {
      action: 'agent.published',
      target: targetOf(agent),
      before: { activeVersion: agent.activeVersion },
      after: { version: number },
    },
    result: { ...agent, ...set, version: agent.version + 1 },
  });
}

/**
 * Deletes an agent with its versions, its memories and all conversations with it; answers that it is giving end. @throws AppError as `updateAgent`
 */
export async function deleteAgent(ctx: Ctx, agentId: string, ifMatch: IfMatch): Promise<void> {
  const agent = await getChangeable(ctx, agentId, ifMatch);
  const { organizationId } = ctx;
  // Only their owners see conversations, so only the system knows which are being answered.
  const [{ rows: running }] = await ctx.read(
    (q) => [selectGenerationsOf(q, organizationId, agentId)],
    systemScopeOf(organizationId),
  );
  await ctx.commit({
    write: (q) => deleteAgentRow(q, agent),
    audit: { action: 'agent.deleted', target: targetOf(agent), before: { name: agent.name } },
    result: undefined,
  });
  for (const { generationId } of running)
    ctx.after('agents.cancel', () =>
      ctx.ports.liveGenerations.cancel({ organizationId, generationId }, 'cancelled'),
    );
}
