import type { Ctx } from '../../kernel/context/index.ts';
import { publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import type { RoomAccessRequest } from '../access/index.ts';
import { pollCommand, presentPoll } from './polls.present.ts';
import { closePollRow, selectPoll } from './polls.queries.ts';
import type { CountedPoll } from './polls.rules.ts';
import type { PollView } from './polls.schemas.ts';
import { getPollAsModerator, identifyVoter } from './read-polls.ts';
import { pollChanged } from './polls.events.ts';

/**
 * Closes a poll to votes. The commit waits for votes under way, so the answer counts all there will ever be. Repeating
 * it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function closePoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<PollView> {
  const { access, counted } = await getPollAsModerator(ctx, request, pollId);
  const { poll } = counted;
  if (poll.status === 'closed') return presentPoll(counted, access);
  const { roomId } = request;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [closePollRow(q, poll, now)],
    audit: { action: 'poll.closed', target: { type: 'room', id: roomId }, after: { pollId } },
    events: [pollChanged.of({ roomId, pollId })],
    result: undefined,
  });
  const voter = await identifyVoter(ctx, request);
  const [[recounted]] = await ctx.read((q) => [selectPoll(q, ctx.organizationId, roomId, pollId, voter)]);
  // Deleted meanwhile: the votes that were read are the last that can be shown.
  const final: CountedPoll = recounted ?? { ...counted, poll: { ...poll, status: 'closed', closedAt: now } };
  const by = publicIdentity(access.identity);
  await sendLiveCommands(ctx, roomId, [pollCommand('closed', final, { atMs: now.getTime(), by })]);
  return presentPoll(final, access);
}
