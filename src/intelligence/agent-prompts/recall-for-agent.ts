import type { Ctx } from '../../kernel/context/index.ts';
import { permits } from '../../kernel/core/index.ts';
import type { AgentVersion } from '../agents/index.ts';
import { recallMemories } from '../memory-search/index.ts';

const RECALLED = 5;

/**
 * Memories that the person may see, of the scopes that the agent may use; of agents, only its own. In a call other
 * people listen too, so the agent gets only memories of the room there, and none of the person.
 */
export async function recallForAgent(
  ctx: Ctx,
  { agentId, definition: { memoryScopes: allowed } }: Pick<AgentVersion, 'agentId' | 'definition'>,
  text: string,
  roomId?: string,
) {
  const { actor } = ctx;
  const scopes = roomId === undefined ? allowed : allowed.filter((scope) => scope === 'room');
  const mayRead = 'permissions' in actor && permits(actor.permissions, 'memories:read');
  if (scopes.length === 0 || !mayRead) return [];
  const query = text.slice(0, 2_000);
  const { found } = await recallMemories(ctx, {
    query,
    scopes,
    agentId,
    roomId,
    limit: RECALLED,
    minSimilarity: undefined,
  });
  return found;
}
