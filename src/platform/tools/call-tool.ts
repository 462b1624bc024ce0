import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, escapePointer, requestErrors } from '../../kernel/core/index.ts';
import type { Dispatch } from '../http/index.ts';
import { CONFIRMATION, FROM_CREDENTIAL, inputOf, type ToolInput } from './tool-input.ts';
import { toolErrors } from './tools.errors.ts';
import type { Tool } from './tools.ts';

/** The result of a tool: the JSON or the text of the operation, or the problem with which it was refused. */
export interface ToolResult {
  failed: boolean;
  /** JSON or text, as it came. */
  text: string;
  /** The parsed JSON; undefined for a text and for nothing. */
  json: unknown;
}

export interface ToolCall {
  tool: Tool;
  args: Readonly<Record<string, unknown>>;
  /** The request that the call came with: its credential is the one of the call. */
  request: Request;
  dispatch: Dispatch;
}

/** Most bytes of a result: more than a model can read. */
const MAX_RESULT_BYTES = 512 * 1024;

/** The part of its request that a call takes over. */
const FORWARDED_HEADERS = ['authorization', 'x-api-key', 'cf-connecting-ip', 'user-agent'];

const invalid = (argument: string, message: string): AppError =>
  requestErrors.invalid({ errors: [{ pointer: `/${escapePointer(argument)}`, message }] });

/** @throws AppError `request.invalid` or `tools.confirmation_required` */
function requireArguments({ tool, args }: ToolCall, { positions, requiredInPath }: ToolInput): void {
  for (const argument of Object.keys(args))
    if (!positions.has(argument)) throw invalid(argument, 'is not an argument of the tool');
  for (const argument of requiredInPath)
    if (args[argument] === undefined) throw invalid(argument, 'is missing');
  if (tool.risk === 'destructive' && args[CONFIRMATION] !== true)
    throw toolErrors.confirmationRequired({ detail: `ask first, then call with \`${CONFIRMATION}: true\`` });
}

/** An argument as it stands in a path, a query or a header. @throws AppError `request.invalid` */
function toText(argument: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(argument, 'must be a text, a number or true or false');
}

/** The request that the call stands for. @throws AppError `request.invalid` or `auth.no_organization` */
function buildRequest(ctx: Ctx, { tool, args, request }: ToolCall, { positions }: ToolInput): Request {
  const { method, path, body } = tool.route;
  const headers = new Headers({
    'x-request-id': ctx.origin.requestId,
    traceparent: ctx.trace.traceparent,
  });
  for (const name of FORWARDED_HEADERS) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const query = new URLSearchParams();
  const fields: [string, unknown][] = [];
  for (const [argument, { in: part, name }] of positions) {
    const value = args[argument];
    if (value === undefined || argument === CONFIRMATION) continue;
    if (part === 'body') fields.push([name, value]);
    else if (part === 'query') query.set(name, toText(argument, value));
    else if (part === 'header') headers.set(name, toText(argument, value));
  }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(name === FROM_CREDENTIAL ? ctx.organizationId : toText(name, args[name])),
  );
  const url = new URL(request.url);
  url.pathname = filled;
  url.search = query.toString();
  if (!body) return new Request(url, { method: method.toUpperCase(), headers });
  headers.set('content-type', 'application/json');
  const content = JSON.stringify(Object.fromEntries(fields));
  return new Request(url, { method: method.toUpperCase(), headers, body: content });
}

/** The text of an answer. @throws AppError `tools.result_too_large` */
async function readResult(response: Response): Promise<string> {
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength > MAX_RESULT_BYTES)
    throw toolErrors.resultTooLarge({
      detail: `It has ${bytes.byteLength} bytes, and may have ${MAX_RESULT_BYTES}: ask for less.`,
    });
  return new TextDecoder().decode(bytes);
}

const toFailure = ({ code, definition, details: { detail, errors } }: AppError): ToolResult => {
  const json = { code, title: definition.title, status: definition.status, detail, errors };
  return { failed: true, text: JSON.stringify(json), json };
};

/**
 * Calls a tool: the request of its operation passes the whole pipeline, with the caller's own credential, so that authority,
 * limits, idempotency and the audit log are those of the operation. A refusal is a result: a model that reads it can do better.
 */
export async function callTool(ctx: Ctx, call: ToolCall): Promise<ToolResult> {
  try {
    const input = inputOf(call.tool);
    requireArguments(call, input);
    const response = await call.dispatch(buildRequest(ctx, call, input));
    const text = await readResult(response);
    const isJson = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { failed: !response.ok, text, json: isJson ? (JSON.parse(text) as unknown) : undefined };
  } catch (error) {
    if (error instanceof AppError) return toFailure(error);
    throw error;
  }
}
