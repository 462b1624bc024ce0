import type { Ctx } from '../../kernel/context/index.ts';
import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import type { Tool } from '../../platform/tools/index.ts';
import { listConnections } from '../mcp-connections/index.ts';
import type { AgentTool } from './agent-tools.schemas.ts';

const MAX_CONNECTIONS = 100;

/**
 * Checks that each tool exists, and that none is named twice.
 * @throws AppError `request.invalid`, or `auth.forbidden` for one that may not see connections
 */
export async function requireTools(
  ctx: Ctx,
  settings: readonly AgentTool[],
  tools: readonly Tool[],
): Promise<void> {
  const connections = settings.some(({ connectionId }) => connectionId !== null)
    ? (await listConnections(ctx, { limit: MAX_CONNECTIONS })).data
    : [];
  const seen = new Set<string>();
  const errors = settings.flatMap(({ name, connectionId }, place): FieldError[] => {
    const pointer = `/definition/tools/${place}`;
    const key = `${connectionId} ${name}`;
    if (seen.has(key)) return [{ pointer, message: 'must not name a tool twice' }];
    seen.add(key);
    const known =
      connectionId === null ? tools : (connections.find(({ id }) => id === connectionId)?.tools ?? []);
    return known.some((each) => each.name === name) ? [] : [{ pointer, message: 'must be an existing tool' }];
  });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}
