import type { Ctx } from '../../kernel/context/index.ts';
import {
  actorId,
  authErrors,
  diffFields,
  type IfMatch,
  type Page,
  pageOf,
  type PageQuery,
  readCursor,
  requirePermission,
  requireVersion,
} from '../../kernel/core/index.ts';
import { agentErrors, getAgent } from '../agents/index.ts';
import { conversationErrors } from './agent-conversations.errors.ts';
import {
  changeConversation,
  deleteConversationRow,
  insertConversation,
  selectConversation,
  selectConversations,
  selectAgentMessages,
} from './agent-conversations.queries.ts';
import type {
  CreateConversation,
  ListConversations,
  UpdateConversation,
} from './agent-conversations.schemas.ts';
import type { Conversation, Message } from './agent-conversations.tables.ts';

/** The owner as whom the caller has conversations. @throws AppError `auth.forbidden` */
function ownerOf({ actor }: Ctx): Pick<Conversation, 'owner' | 'userId' | 'apiKeyId'> {
  if (actor.kind === 'user') return { owner: actor.userId, userId: actor.userId, apiKeyId: null };
  if (actor.kind === 'apiKey') return { owner: actor.apiKeyId, userId: null, apiKeyId: actor.apiKeyId };
  throw authErrors.forbidden();
}

/**
 * Begins a conversation with an agent.
 * @throws AppError `agents.not_found`, `agents.switched_off`, `agent_conversations.too_many`, `billing.feature_not_included`, `auth.forbidden`
 */
export async function createConversation(
  ctx: Ctx,
  agentId: string,
  { title }: CreateConversation,
): Promise<Conversation> {
  requirePermission(ctx.actor, 'ai:write');
  const agent = await getAgent(ctx, agentId);
  if (!agent.enabled) throw agentErrors.switchedOff();
  const createdAt = new Date(ctx.clock.now());
  const row: Conversation = {
    ...ownerOf(ctx),
    id: ctx.ids.create('agentConversation'),
    organizationId: ctx.organizationId,
    agentId,
    title,
    shared: false,
    inCall: false,
    messageCount: 0,
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
  return ctx.commit({
    write: (q) => insertConversation(q, row),
    result: row,
  });
}

/** The caller's own conversations, the newest first. @throws AppError `auth.forbidden` */
export async function listConversations(
  ctx: Ctx,
  { cursor, limit, agentId }: ListConversations,
): Promise<Page<Conversation>> {
  requirePermission(ctx.actor, 'agents:read');
  const { owner } = ownerOf(ctx);
  const filter = { agentId, before: readCursor(cursor), limit };
  const [rows] = await ctx.read((q) => [selectConversations(q, ctx.organizationId, owner, filter)]);
  return pageOf(rows, limit, ({ id }) => id);
}

/** A conversation of the caller, or a shared one. @throws AppError `agent_conversations.not_found` or `auth.forbidden` */
export async function getConversation(ctx: Ctx, conversationId: string): Promise<Conversation> {
  requirePermission(ctx.actor, 'agents:read');
  const reader = actorId(ctx.actor)!;
  const [[found]] = await ctx.read((q) => [
    selectConversation(q, ctx.organizationId, reader, conversationId),
  ]);
  if (!found) throw conversationErrors.notFound();
  return found;
}

/** The messages of a conversation, the newest first. @throws AppError as `getConversation` */
export async function listMessages(
  ctx: Ctx,
  conversationId: string,
  { cursor, limit }: PageQuery,
): Promise<Page<Message>> {
  requirePermission(ctx.actor, 'agents:read');
  const { organizationId, actor } = ctx;
  const page = { before: readCursor(cursor), limit };
  const [[found], rows] = await ctx.read((q) => [
    selectConversation(q, organizationId, actorId(actor)!, conversationId),
    selectAgentMessages(q, organizationId, conversationId, page),
  ]);
  if (!found) throw conversationErrors.notFound();
  return pageOf(rows, limit, ({ position }) => String(position));
}

/** A conversation of the caller with its newest message; a conversation that is only shared with them is forbidden. */
async function getOwn(ctx: Ctx, conversationId: string, ifMatch: IfMatch) {
  requirePermission(ctx.actor, 'agents:read');
  const reader = actorId(ctx.actor)!;
  const [[row], [newest]] = await ctx.read((q) => [
    selectConversation(q, ctx.organizationId, reader, conversationId),
    selectAgentMessages(q, ctx.organizationId, conversationId, { before: undefined, limit: 1 }),
  ]);
  if (!row) throw conversationErrors.notFound();
  if (row.owner !== reader) throw authErrors.forbidden({ detail: 'only its owner can change it' });
  requireVersion(row, ifMatch);
  return { row, newest };
}

/** Changes the title, or shares it. @throws AppError as `getConversation`, or `request.stale` */
export async function updateConversation(
  ctx: Ctx,
  conversationId: string,
  input: UpdateConversation,
  ifMatch: IfMatch,
): Promise<Conversation> {
  const { row } = await getOwn(ctx, conversationId, ifMatch);
  const set = { ...input, updatedAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => [changeConversation(q, row, set)],
    audit:
      input.shared === undefined || input.shared === row.shared
        ? []
        : {
            action: 'agent_conversation.shared',
            target: { type: 'agent_conversation', id: row.id },
            ...diffFields(row, { shared: input.shared }),
          },
    result: { ...row, ...set, version: row.version + 1 },
  });
}

/** Deletes a conversation for good; an answer that is being given ends. @throws AppError as `getConversation`, or `request.stale` */
export async function deleteConversation(ctx: Ctx, conversationId: string, ifMatch: IfMatch): Promise<void> {
  const { row, newest } = await getOwn(ctx, conversationId, ifMatch);
  await ctx.commit({ write: (q) => [deleteConversationRow(q, row)], result: undefined });
  const { generationId, state } = newest ?? {};
  if (generationId && state === 'running')
    ctx.after('agent_conversations.cancel', () =>
      ctx.ports.liveGenerations.cancel({ organizationId: ctx.organizationId, generationId }, 'cancelled'),
    );
}
