import type { Ctx } from '../../kernel/context/index.ts';
import { callCommand } from '../lifecycle/index.ts';
import { selectCallWithRoom } from './live-sync.queries.ts';

/** Shows in the live room that a call has started or ended. */
export async function syncCall(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectCallWithRoom(q, ctx.organizationId, callId)]);
  if (!found || found.room.deletedAt) return;
  const command = callCommand(found.call);
  if (command) await ctx.ports.liveRooms.apply(found.room.id, [command]);
}
