import type { UpdateConnection } from './mcp-connections.schemas.ts';
import type { McpConnection } from './mcp-connections.tables.ts';

/** Most connections of an organization. */
export const MAX_CONNECTIONS = 25;

const adds = (names: readonly string[] | undefined, before: readonly string[]): boolean =>
  names?.some((name) => !before.includes(name)) ?? false;

/** Whether a change allows more calls than before, or needs fewer confirmations. */
export function widens(
  row: McpConnection,
  { allowedTools, unconfirmedTools, enabled }: Omit<UpdateConnection, 'headers'>,
): boolean {
  if (enabled === true && !row.enabled) return true;
  if (adds(unconfirmedTools, row.unconfirmedTools)) return true;
  if (allowedTools === undefined || row.allowedTools === null) return false;
  return allowedTools === null || adds(allowedTools, row.allowedTools);
}
