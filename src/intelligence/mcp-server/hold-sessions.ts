import type { InitializeRequest, JSONRPCMessage } from '@modelcontextprotocol/server';
import type { Ctx } from '../../kernel/context/index.ts';
import { type Actor, base64Url } from '../../kernel/core/index.ts';
import { selectNothing } from '../../kernel/db/index.ts';
import type { McpClientProfile, McpSessionRef } from '../mcp-sessions/index.ts';
import { mcpServerErrors } from './mcp-server.errors.ts';

export const SESSION_HEADER = 'mcp-session-id';
const ID_BYTES = 32;
/** A client with a longer description of itself gets no session, and is served without one. */
const MAX_PROFILE_CHARS = 8_192;

/** The holder of the sessions; undefined for a caller who can have none. */
function holderOf(actor: Actor): string | undefined {
  if (actor.kind === 'apiKey') return `${actor.organizationId}|${actor.apiKeyId}`;
  if (actor.kind === 'user' && actor.sessionId !== undefined)
    return `${actor.organizationId ?? ''}|${actor.sessionId}`;
  return undefined;
}

/** Proves that the credential is still valid: a session ends with it. */
const proveCredential = (ctx: Ctx) => ctx.read((q) => [selectNothing(q)]);

/** A session that the caller began, with the description that its client gave. */
export interface HeldSession {
  ref: McpSessionRef;
  client: McpClientProfile;
}

async function refOf(ctx: Ctx, sessionId: string): Promise<McpSessionRef | undefined> {
  const holder = holderOf(ctx.actor);
  if (holder === undefined) return undefined;
  return { holder, sessionHash: await ctx.hasher.hash('mcp-session', sessionId) };
}

/** The session of this id, if the caller began it. */
export async function findSession(ctx: Ctx, sessionId: string): Promise<HeldSession | undefined> {
  const ref = await refOf(ctx, sessionId);
  if (!ref) return undefined;
  const [client] = await Promise.all([ctx.ports.mcpSessions.use(ref), proveCredential(ctx)]);
  return client ? { ref, client } : undefined;
}

/** Begins a session for a client that has introduced itself. @returns its id; undefined for none */
export async function beginSession(
  ctx: Ctx,
  { params: { protocolVersion, capabilities, clientInfo } }: InitializeRequest,
): Promise<string | undefined> {
  const { name, version } = clientInfo;
  const client = { protocolVersion, capabilities, clientInfo: { name, version } };
  const sessionId = base64Url(ctx.ids.random(ID_BYTES));
  const ref = await refOf(ctx, sessionId);
  if (!ref || JSON.stringify(client).length > MAX_PROFILE_CHARS) return undefined;
  await proveCredential(ctx);
  await ctx.ports.mcpSessions.begin(ref, client);
  return sessionId;
}

/**
 * Ends a session of the caller.
 * @throws AppError `mcp.session_not_found` when they have no such session
 */
export async function endSession(ctx: Ctx, sessionId: string): Promise<void> {
  const ref = await refOf(ctx, sessionId);
  await proveCredential(ctx);
  if (!ref || !(await ctx.ports.mcpSessions.end(ref))) throw mcpServerErrors.sessionNotFound();
}

/** A message that repeats to a server how the client introduced itself. */
export const introductionOf = (
  id: string,
  { protocolVersion, capabilities, clientInfo }: McpClientProfile,
): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  method: 'initialize',
  params: { protocolVersion, capabilities, clientInfo },
});
