import { and, between, count, eq, inArray, isNull, max, min } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import type { Queries, Statement } from '../../kernel/db/index.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { isShownTo } from '../../rooms/access/index.ts';
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { chatMessages } from '../../messaging/chat/chat.tables.ts';
import { transcriptSegments } from '../transcripts/transcripts.tables.ts';
import { holdShownAgent } from '../agents/index.ts';
import type { MemoryOwner } from '../memory-scopes/index.ts';
import { isReadable, type MemoryReader, requireSwitchedOn } from '../memory/index.ts';
import { memories } from '../memory/memory.tables.ts';

/**
 * Fails the commit unless the owner allows the memories: a person must have their memory switched on; an agent must be
 * visible to the caller, and included in the plan. Changes that would end this wait for the commit.
 */
export const holdOwner = (
  q: Queries,
  {
    organizationId,
    now,
    agentAuthor: author,
  }: { organizationId: string; now: Date; agentAuthor: string | null },
  { userId, agentId }: Pick<MemoryOwner, 'userId' | 'agentId'>,
): Statement[] => [
  ...(userId === null ? [] : [requireSwitchedOn(q, organizationId, userId)]),
  ...(agentId === null
    ? []
    : [
        holdShownAgent(q, organizationId, { agentId, author }),
        holdFeature(q, { organizationId, now, feature: 'agents' }),
      ]),
];

const isOfVisibleRoom = ({ roomViewer }: MemoryReader) => and(isNull(rooms.deletedAt), isShownTo(roomViewer));

/** The room of a message that was not deleted, if the reader may see the room. */
export const selectRoomOfMessage = (q: Queries, reader: MemoryReader, messageId: string) =>
  q
    .select({ roomId: chatMessages.roomId })
    .from(chatMessages)
    .innerJoin(rooms, eq(rooms.id, chatMessages.roomId))
    .where(
      and(
        eq(chatMessages.organizationId, reader.organizationId),
        eq(chatMessages.id, messageId),
        isNull(chatMessages.deletedAt),
        isOfVisibleRoom(reader),
      ),
    );

/** The room of a recording, if the reader may see it. */
export const selectRoomOfRecording = (q: Queries, reader: MemoryReader, recordingId: string) =>
  q
    .select({ roomId: recordings.roomId })
    .from(recordings)
    .innerJoin(rooms, eq(rooms.id, recordings.roomId))
    .where(
      and(
        eq(recordings.organizationId, reader.organizationId),
        eq(recordings.id, recordingId),
        isOfVisibleRoom(reader),
      ),
    );

/** The extent of a passage, and when it was said. */
export const selectPassage = (
  q: Queries,
  organizationId: string,
  transcriptionId: string,
  { first, last }: { first: number; last: number },
) =>
  q
    .select({
      count: count(),
      startMs: min(transcriptSegments.startMs),
      endMs: max(transcriptSegments.endMs),
    })
    .from(transcriptSegments)
    .where(
      and(
        eq(transcriptSegments.organizationId, organizationId),
        eq(transcriptSegments.transcriptionId, transcriptionId),
        between(transcriptSegments.position, first, last),
      ),
    );

export const selectParents = (q: Queries, reader: MemoryReader, memoryIds: readonly string[]) =>
  q
    .select({ id: memories.id, scope: memories.scope, space: memories.space })
    .from(memories)
    .where(and(isReadable(reader), inArray(memories.id, [...memoryIds])));
