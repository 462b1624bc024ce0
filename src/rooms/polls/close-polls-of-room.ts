import type { Ctx } from '../../kernel/context/index.ts';
import { pollChanged } from './polls.events.ts';
import { closePollsOfEndedRoom, selectPollsToClose } from './polls.queries.ts';

/** Closes the open polls of a room that has ended. A room that is open again keeps its polls. */
export async function closePollsOfRoom(ctx: Ctx, { roomId }: { roomId: string }): Promise<void> {
  const { organizationId } = ctx;
  const [open] = await ctx.read((q) => [selectPollsToClose(q, organizationId, roomId)]);
  if (open.length === 0) return;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [closePollsOfEndedRoom(q, organizationId, roomId, now)],
    audit: open.map(({ id: pollId }) => ({
      action: 'poll.closed',
      target: { type: 'room', id: roomId },
      after: { pollId },
    })),
    events: open.map(({ id: pollId }) => pollChanged.of({ roomId, pollId })),
    result: undefined,
  });
}
