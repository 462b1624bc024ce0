import { prepareCallEnd, selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';

/** Ends the open call of a deleted room, if there is one. */
export async function endCallOfDeletedRoom(ctx: Ctx, { roomId }: { roomId: string }): Promise<void> {
  const [[call]] = await ctx.read((q) => [selectOpenCall(q, ctx.organizationId, roomId)]);
  if (!call) return;
  const { write, events } = prepareCallEnd(call, 'closed', new Date(ctx.clock.now()));
  await ctx.commit({ write: (q) => [write(q)], events, result: undefined });
}
