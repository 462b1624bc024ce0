import type { Ctx } from '../../kernel/context/index.ts';
import { type LiveCommand, publicIdentity } from '../../realtime/protocol/index.ts';
import { isRunning, selectStream, type Stream } from '../streams/index.ts';

/** A stream as the live room shows it. */
function streamCommand(row: Stream): LiveCommand {
  const { id: streamId, state, startedAt, createdAt, requestedBy, version, updatedAt } = row;
  const header = { key: `stream/${streamId}/${version}`, atMs: updatedAt.getTime() };
  if (!isRunning(state))
    return {
      type: 'stream.over',
      ...header,
      stream: { streamId },
      failed: ['failed', 'lost'].includes(state),
    };
  const active = state === 'active';
  const since = ((active ? startedAt : null) ?? createdAt).toISOString();
  const by = publicIdentity(requestedBy);
  return { type: 'stream.running', ...header, stream: { streamId, by, active, since } };
}

/** Shows everybody in the room that a stream is sent, is about to begin, or is over. */
export async function showStream(
  ctx: Ctx,
  { roomId, streamId }: { roomId: string; streamId: string },
): Promise<void> {
  const [[row]] = await ctx.read((q) => [selectStream(q, ctx.organizationId, roomId, streamId)]);
  if (row) await ctx.ports.liveRooms.apply(roomId, [streamCommand(row)]);
}
