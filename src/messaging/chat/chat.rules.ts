import type { ChatEvent } from '../../realtime/protocol/index.ts';
import { isStorableMoment, requestErrors } from '../../kernel/core/index.ts';
import type { DomainEvent } from '../../kernel/events/index.ts';
import { chatMessageDeleted, chatMessageEdited, chatMessageReacted, chatMessageSent } from './chat.events.ts';

type ChatEventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

/** A batch of the live room's chat events, by type. */
export interface ChatChanges {
  sent: ChatEventOf<'chat.message'>[];
  edited: ChatEventOf<'chat.edited'>[];
  deleted: ChatEventOf<'chat.deleted'>[];
  reactions: ChatEventOf<'chat.reaction'>[];
}

/** The last event of each type for each message and reaction of a batch, which is in the room's order. */
export function collapseChatEvents(events: readonly ChatEvent[]): ChatChanges {
  const sent = new Map<string, ChatEventOf<'chat.message'>>();
  const edited = new Map<string, ChatEventOf<'chat.edited'>>();
  const deleted = new Map<string, ChatEventOf<'chat.deleted'>>();
  const reactions = new Map<string, ChatEventOf<'chat.reaction'>>();
  for (const event of events) {
    const { messageId } = event;
    if (event.type === 'chat.message') sent.set(messageId, event);
    else if (event.type === 'chat.deleted') deleted.set(messageId, event);
    else if (event.type === 'chat.edited') {
      // An edit without text was replaced by a later event.
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

/** One event for each type of change in a batch. */
export function buildChatDomainEvents(
  roomId: string,
  { sent, edited, deleted, reactions }: ChatChanges,
): DomainEvent[] {
  const buildEvent = (definition: typeof chatMessageSent, changed: readonly { messageId: string }[]) => {
    const messageIds = [...new Set(changed.map(({ messageId }) => messageId))];
    return messageIds.length === 0 ? [] : [definition.of({ roomId, messageIds })];
  };
  return [
    ...buildEvent(chatMessageSent, sent),
    ...buildEvent(chatMessageEdited, edited),
    ...buildEvent(chatMessageDeleted, deleted),
    ...buildEvent(chatMessageReacted, reactions),
  ];
}

/** A position in the chat: a page starts before this message. */
export interface MessagePosition {
  sentAtMs: number;
  messageId: string;
}

export const messageSortKey = ({ sentAt, messageId }: { sentAt: Date; messageId: string }): string =>
  `${sentAt.getTime()}.${messageId}`;

/** @throws AppError `request.invalid_cursor` */
export function parseMessagePosition(key: string | undefined): MessagePosition | undefined {
  if (key === undefined) return undefined;
  const [, ms, messageId] = /^(\d{1,15})\.(msg_\w{26})$/.exec(key) ?? [];
  if (ms === undefined || messageId === undefined || !isStorableMoment(Number(ms)))
    throw requestErrors.invalidCursor({
      errors: [{ pointer: '#/query/cursor', message: 'not a cursor of this list' }],
    });
  return { sentAtMs: Number(ms), messageId };
}
