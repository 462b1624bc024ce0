import type { ChatMessage } from '../../realtime/protocol/index.ts';
import type { selectMessages } from './chat.queries.ts';

type MessageRow = Awaited<ReturnType<typeof selectMessages>>[number];

/** A message as API and socket show it. */
export function presentMessage({ sentAt, editedAt, deletedAt, ...message }: MessageRow): ChatMessage {
  return {
    ...message,
    sentAt: sentAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    deletedAt: deletedAt?.toISOString() ?? null,
  };
}
