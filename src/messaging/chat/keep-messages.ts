import type { ChatEvent } from '../../meetings/realtime/index.ts';
import type { Ctx } from '../../platform/context/index.ts';
import { deleteMessages, editMessages, insertMessages, putReactions } from './chat.queries.ts';
import { changesOf, effectsOf } from './chat.rules.ts';

/**
 * Stores what happened in a room's chat, in the room's order. The same events again, or events that later ones have
 * overtaken, change nothing; a room that is no more keeps none.
 */
export async function keepMessages(ctx: Ctx, roomId: string, events: readonly ChatEvent[]): Promise<void> {
  const place = { organizationId: ctx.organizationId, roomId };
  const changes = changesOf(events);
  const { sent, edited, deleted, reactions } = changes;
  await ctx.commit({
    write: (q) => [
      ...(sent.length > 0 ? [insertMessages(q, place, sent)] : []),
      ...(edited.length > 0 ? [editMessages(q, place, edited)] : []),
      ...(reactions.length > 0 ? [putReactions(q, place, reactions)] : []),
      ...(deleted.length > 0 ? [deleteMessages(q, place, deleted)] : []),
    ],
    effects: effectsOf(roomId, changes),
    result: undefined,
  });
}
