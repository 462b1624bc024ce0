import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { type Actor, authErrors, isError } from '../../kernel/core/index.ts';
import { findHolder } from '../../media/downloads/index.ts';
import { type Agent, type AgentVersion, showsTo } from '../agents/index.ts';
import { selectAgentsOfRun, selectRun, selectTurns } from './team-runs.queries.ts';
import type { TeamRun, TeamTurn } from './team-runs.tables.ts';

/** An agent with its published version. */
export interface AnsweringAgent {
  agent: Agent;
  version: AgentVersion;
}

/** A run with all the facts that decide how it continues. */
export interface RunGround {
  run: TeamRun;
  turns: readonly TeamTurn[];
  /** By id; deleted agents are missing. */
  agents: ReadonlyMap<string, AnsweringAgent>;
}

/** The policy hides runs from the product itself, so this reads as the system. */
export async function readGround(ctx: Ctx, runId: string): Promise<RunGround | undefined> {
  const { organizationId } = ctx;
  const [[run], turns, agents] = await ctx.read(
    (q) => [
      selectRun(q, organizationId, runId),
      selectTurns(q, organizationId, runId),
      selectAgentsOfRun(q, organizationId, runId),
    ],
    systemScopeOf(organizationId),
  );
  return run && { run, turns, agents: new Map(agents.map((each) => [each.agent.id, each])) };
}

/** Whether the person may still use all agents, including those that have had their turn. */
export const areMembersThere = (actor: Actor, { run, agents }: Pick<RunGround, 'run' | 'agents'>): boolean =>
  run.team.members.every(({ agentId }) => {
    const found = agents.get(agentId);
    return found !== undefined && found.agent.enabled && showsTo(actor, found.agent);
  });

/** The user or API key that started a run, with their present authority; undefined when they may no longer ask. */
export async function findStarter(
  ctx: Ctx,
  { organizationId, userId, owner }: TeamRun,
): Promise<Actor | undefined> {
  const holder = { kind: userId === null ? ('apiKey' as const) : ('user' as const), id: owner };
  try {
    return await findHolder(
      ctx,
      { org: organizationId, holder },
      { permission: 'ai:write', refuse: authErrors.forbidden },
    );
  } catch (error) {
    if (isError(error, authErrors.forbidden)) return undefined;
    throw error;
  }
}
