import type { Ctx } from '../../kernel/context/index.ts';
import { pollCommand } from './polls.present.ts';
import { selectPoll } from './polls.queries.ts';
import type { Voter } from './polls.rules.ts';

const NO_VOTER: Voter = { identity: '', voterKey: '' };

/** Shows a poll with its votes in the live room. */
export async function syncPoll(
  ctx: Ctx,
  { roomId, pollId }: { roomId: string; pollId: string },
): Promise<void> {
  const atMs = ctx.clock.now();
  const [[counted]] = await ctx.read((q) => [selectPoll(q, ctx.organizationId, roomId, pollId, NO_VOTER)]);
  if (!counted) return;
  const { status, closedAt } = counted.poll;
  const change = status === 'closed' ? 'closed' : 'updated';
  const command = pollCommand(change, counted, { atMs: closedAt?.getTime() ?? atMs, by: null });
  await ctx.ports.liveRooms.apply(roomId, [command]);
}
