import { and, asc, eq, gte, isNull, lt } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import type { Actor } from '../../kernel/core/index.ts';
import { openableFilesOf } from '../chat/index.ts';
import { chatMessages } from '../chat/chat.tables.ts';

/** Which messages are selected: those of a room that were sent within a time and are not deleted. */
export interface MessagePeriod {
  organizationId: string;
  roomId: string;
  from: Date;
  to: Date;
}

/** In their order, one more than `limit`, with their files as they are now for a reader. */
export const selectMessagesOf = (
  q: Queries,
  { organizationId, roomId, from, to }: MessagePeriod,
  { limit, now, reader }: { limit: number; now: Date; reader: Actor },
) =>
  q
    .select({
      messageId: chatMessages.id,
      name: chatMessages.name,
      text: chatMessages.text,
      sentAt: chatMessages.sentAt,
      files: openableFilesOf(now, reader),
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
