export interface McpTool {
  name: string;
  title: string | null;
  description: string;
  inputSchema: Record<string, unknown>;
  /** What the server claims about it, without proof. */
  readOnly: boolean;
}

/** Most tools of a server; further ones are left out. */
const MAX_TOOLS = 200;
const MAX_TEXT = 2_000;
const MAX_TITLE = 200;
/** Most characters of a schema: a model reads it in each round, and the organization pays for that. */
const MAX_SCHEMA = 16 * 1024;
const MAX_SCHEMAS = 256 * 1024;
const MAX_DEPTH = 32;
const TOOL_NAME = /^[A-Za-z0-9_.\-/]{1,128}$/;

/** The description of a tool by its server. */
interface SaidTool {
  name: string;
  title?: string | undefined;
  description?: string | undefined;
  inputSchema: Record<string, unknown>;
  annotations?: { readOnlyHint?: boolean | undefined } | undefined;
}

const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Whether the database, and everything that reads from it, accepts a JSON value. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return isText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  return Object.entries(value).every(([key, each]) => isText(key) && isStorable(each, depth + 1));
}

export const boundText = (text: string, most: number): string =>
  text.slice(0, most).toWellFormed().replaceAll('\0', '');

/**
 * The tools of a server within limits: a tool that cannot be called by its name, or whose schema is too large, is left
 * out.
 */
export function boundTools(said: readonly SaidTool[]): McpTool[] {
  let size = 0;
  return said
    .filter(({ name, inputSchema }) => {
      if (!TOOL_NAME.test(name) || !isStorable(inputSchema)) return false;
      const { length } = JSON.stringify(inputSchema);
      if (length > MAX_SCHEMA || size + length > MAX_SCHEMAS) return false;
      size += length;
      return true;
    })
    .slice(0, MAX_TOOLS)
    .map(({ name, title, description, inputSchema, annotations }) => ({
      name,
      title: title === undefined ? null : boundText(title, MAX_TITLE),
      description: boundText(description ?? '', MAX_TEXT),
      inputSchema,
      readOnly: annotations?.readOnlyHint === true,
    }));
}
