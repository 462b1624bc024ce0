import type { ChatEvent } from '../../meetings/realtime/index.ts';
import { requestErrors } from '../../platform/core/index.ts';
import type { Effect } from '../../platform/outbox/index.ts';

type Of<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

/** A batch of changes, by what they change. */
export interface Changes {
  sent: Of<'chat.message'>[];
  edited: Of<'chat.edited'>[];
  deleted: Of<'chat.deleted'>[];
  reactions: Of<'chat.reaction'>[];
}

/** The last word on each message and reaction of a batch, which comes in the room's order. */
export function changesOf(events: readonly ChatEvent[]): Changes {
  const sent = new Map<string, Of<'chat.message'>>();
  const edited = new Map<string, Of<'chat.edited'>>();
  const deleted = new Map<string, Of<'chat.deleted'>>();
  const reactions = new Map<string, Of<'chat.reaction'>>();
  for (const event of events) {
    const { messageId } = event;
    if (event.type === 'chat.message') sent.set(messageId, event);
    else if (event.type === 'chat.deleted') deleted.set(messageId, event);
    else if (event.type === 'chat.edited') {
      // One without text was overtaken by an event that comes later.
      if (event.text !== '') edited.set(messageId, event);
    } else reactions.set(`${messageId} ${event.identity} ${event.emoji}`, event);
  }
  return {
    sent: [...sent.values()],
    edited: [...edited.values()],
    deleted: [...deleted.values()],
    reactions: [...reactions.values()],
  };
}

/** One effect for each kind of change in a batch. */
export function effectsOf(roomId: string, { sent, edited, deleted, reactions }: Changes): Effect[] {
  const effect = (type: string, changed: readonly { messageId: string }[]): Effect[] => {
    const messageIds = [...new Set(changed.map(({ messageId }) => messageId))];
    return messageIds.length === 0 ? [] : [{ type, key: roomId, payload: { roomId, messageIds } }];
  };
  return [
    ...effect('chat.message_sent', sent),
    ...effect('chat.message_edited', edited),
    ...effect('chat.message_deleted', deleted),
    ...effect('chat.message_reacted', reactions),
  ];
}

/** Where a page begins: before this message. */
export interface Position {
  sentAtMs: number;
  messageId: string;
}

export const sortKey = ({ sentAt, messageId }: { sentAt: Date; messageId: string }): string =>
  `${sentAt.getTime()}.${messageId}`;

/** @throws AppError `request.invalid_cursor` */
export function readPosition(key: string | undefined): Position | undefined {
  if (key === undefined) return undefined;
  const [, ms, messageId] = /^(\d{1,15})\.(msg_\w{26})$/.exec(key) ?? [];
  if (ms === undefined || messageId === undefined)
    throw requestErrors.invalidCursor({
      errors: [{ pointer: '#/query/cursor', message: 'not a cursor of this list' }],
    });
  return { sentAtMs: Number(ms), messageId };
}
