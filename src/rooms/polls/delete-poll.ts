import type { Ctx } from '../../kernel/context/index.ts';
import { liveCommandsIssued, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import type { RoomAccessRequest } from '../access/index.ts';
import { pollCommand } from './polls.present.ts';
import { deletePollRow } from './polls.queries.ts';
import { doResultsShowToAll, type Poll } from './polls.rules.ts';
import { getPollAsModerator } from './read-polls.ts';

/**
 * Deletes a poll with its votes. In the live room it shows as closed, with results only if these showed before.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function deletePoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<void> {
  const { access, counted } = await getPollAsModerator(ctx, request, pollId);
  const { roomId } = request;
  const now = new Date(ctx.clock.now());
  const poll: Poll = { ...counted.poll, status: 'closed', closedAt: counted.poll.closedAt ?? now };
  const by = publicIdentity(access.identity);
  const resultsShow = doResultsShowToAll(counted.poll);
  const command = pollCommand('closed', { ...counted, poll }, { atMs: now.getTime(), by }, resultsShow);
  await ctx.commit({
    write: (q) => [deletePollRow(q, poll)],
    audit: {
      action: 'poll.deleted',
      target: { type: 'room', id: roomId },
      before: { pollId, question: poll.question },
    },
    events: [liveCommandsIssued.of({ roomId, commands: [command] })],
    result: undefined,
  });
  await sendLiveCommands(ctx, roomId, [command]);
}
