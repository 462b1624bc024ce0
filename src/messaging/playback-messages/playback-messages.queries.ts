import { and, asc, eq, gte, isNull, lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { chatMessages } from '../chat/chat.tables.ts';

/** Which messages are selected: those of a room that were sent within a time and are not deleted. */
export interface MessagePeriod {
  organizationId: string;
  roomId: string;
  from: Date;
  to: Date;
}

/** In their order, one more than `limit`. */
export const selectMessagesOf = (
  q: Queries,
  { organizationId, roomId, from, to }: MessagePeriod,
  limit: number,
) =>
  q
    .select({
      messageId: chatMessages.id,
      name: chatMessages.name,
      text: chatMessages.text,
      sentAt: chatMessages.sentAt,
    })
    .from(chatMessages)
    .where(
      and(
        eq(chatMessages.organizationId, organizationId),
        eq(chatMessages.roomId, roomId),
        gte(chatMessages.sentAt, from),
        lt(chatMessages.sentAt, to),
        isNull(chatMessages.deletedAt),
      ),
    )
    .orderBy(asc(chatMessages.sentAt), asc(chatMessages.id))
    .limit(limit + 1);
