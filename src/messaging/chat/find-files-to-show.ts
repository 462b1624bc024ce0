import type { Ctx } from '../../kernel/context/index.ts';
import type { MessageFile } from '../../realtime/protocol/index.ts';
import { selectFilesToShow } from './chat-files.queries.ts';

/**
 * Those of the files that somebody in a room may show in its chat: shared there, not private, and readable by them. In the order of the ids.
 * @param identity of the user or guest; services and agents, whose identity owns no files, find none
 */
export async function findFilesToShow(
  ctx: Ctx,
  roomId: string,
  identity: string,
  fileIds: readonly string[],
): Promise<MessageFile[]> {
  const { organizationId } = ctx;
  const guestOfRoom = identity.startsWith('gst_') ? roomId : null;
  // A person in the room has been admitted to it.
  const viewer = { identity, guestOfRoom, roomViewer: null };
  const now = new Date(ctx.clock.now());
  const [found] = await ctx.read((q) => [
    selectFilesToShow(q, { organizationId, roomId }, { viewer, fileIds, now }),
  ]);
  return fileIds.flatMap((id) => found.filter(({ fileId }) => fileId === id));
}
