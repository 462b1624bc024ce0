import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import { requireModels } from './agents.rules.ts';
import type { AgentDefinition, CreateAgent } from './agents.schemas.ts';
import type { Agent, AgentVersion } from './agents.tables.ts';

/** An agent with its first version, not stored yet. */
export interface NewAgent {
  agent: Agent;
  first: AgentVersion;
}

/** A version that the caller writes. */
export function versionOf(
  ctx: Ctx,
  agentId: string,
  number: number,
  definition: AgentDefinition,
): AgentVersion {
  const createdAt = new Date(ctx.clock.now());
  const { organizationId, actor } = ctx;
  return { organizationId, agentId, number, definition, author: actorId(actor)!, createdAt };
}

/** @throws AppError `request.invalid` for models that cannot do what the definition asks for */
export function newAgent(
  ctx: Ctx,
  { definition, ...fields }: Omit<CreateAgent, 'definition'> & { definition: AgentDefinition },
): NewAgent {
  requireModels(definition);
  const id = ctx.ids.create('agent');
  const first = versionOf(ctx, id, 1, definition);
  const { organizationId, author, createdAt } = first;
  const agent: Agent = {
    ...fields,
    id,
    organizationId,
    enabled: true,
    activeVersion: 1,
    newestVersion: 1,
    author,
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
  return { agent, first };
}

export const auditOfAgent = ({ agent: { id, name, audience }, first }: NewAgent) => ({
  action: 'agent.created',
  target: { type: 'agent', id },
  after: { name, audience, model: first.definition.model },
});
