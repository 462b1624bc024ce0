import type { ChatEvent } from '../../realtime/protocol/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { deleteMessages, editMessages, insertMessages, upsertReactions } from './chat.queries.ts';
import { collapseChatEvents, buildChatDomainEvents } from './chat.rules.ts';

/**
 * Stores chat events of a room, in the room's order. Events that were stored before, or that later ones have replaced,
 * change nothing; for a room that no longer exists nothing is stored.
 */
export async function storeChatEvents(ctx: Ctx, roomId: string, events: readonly ChatEvent[]): Promise<void> {
  const roomKey = { organizationId: ctx.organizationId, roomId };
  const changes = collapseChatEvents(events);
  const { sent, edited, deleted, reactions } = changes;
  await ctx.commit({
    write: (q) => [
      ...(sent.length > 0 ? [insertMessages(q, roomKey, sent)] : []),
      ...(edited.length > 0 ? [editMessages(q, roomKey, edited)] : []),
      ...(reactions.length > 0 ? [upsertReactions(q, roomKey, reactions)] : []),
      ...(deleted.length > 0 ? [deleteMessages(q, roomKey, deleted)] : []),
    ],
    events: buildChatDomainEvents(roomId, changes),
    result: undefined,
  });
}
