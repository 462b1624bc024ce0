import type { ToolRisk } from '../../platform/tools/index.ts';
import type { CallableTool } from '../mcp-connections/index.ts';
import type { AgentTool } from './agent-tools.schemas.ts';

/** Most characters of a result: models read it again in each round. */
const MAX_RESULT = 8_000;

/** Arguments that are filled in for the model. */
export const FILLED_IN = ['confirm', 'idempotencyKey'] as const;

/** As models take names; that of a server's tool has its place in the version before it, so that no two are the same. */
export const nameForModel = ({ name, connectionId }: AgentTool, place: number): string =>
  connectionId === null ? name : `mcp${place}_${name.replaceAll(/[^\w-]/g, '_')}`.slice(0, 64);

/** The part of a result that a model gets. */
export function boundedResult(text: string): string {
  const whole = text.toWellFormed();
  if (whole === '') return 'Done.';
  return whole.length <= MAX_RESULT ? whole : `${whole.slice(0, MAX_RESULT)}\n(cut: ask for less)`;
}

/** The origin of something that a model was given: a connection, or null for the product, its tools and memories. */
export type DataOrigin = string | null;

/**
 * Calls that change something are confirmed, because the instructions may be from another person than the permissions.
 */
export const needsConfirmation = ({ confirm }: AgentTool, risk: ToolRisk): boolean =>
  confirm || risk !== 'read';

/**
 * A call to an external server sends out what the model puts into it, whatever the tool changes. It is made without a
 * confirmation only for the author of the instructions, or if the organization trusts the tool; and never when the
 * model was given something of another origin.
 */
export const needsConfirmationAt = (
  { confirm, connectionId }: AgentTool,
  { readOnly, unconfirmed }: Pick<CallableTool, 'readOnly' | 'unconfirmed'>,
  isAuthor: boolean,
  given: readonly DataOrigin[],
): boolean =>
  confirm || !readOnly || !(isAuthor || unconfirmed) || given.some((origin) => origin !== connectionId);

/** The schema of a tool without the arguments that are filled in. */
export function schemaForModel(schema: Record<string, unknown>): Record<string, unknown> {
  const filledIn = new Set<string>(FILLED_IN);
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !filledIn.has(name))),
    required: required.filter((name) => !filledIn.has(name)),
  };
}
