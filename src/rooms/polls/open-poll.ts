import type { Ctx } from '../../kernel/context/index.ts';
import { liveCommandsIssued, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { pollCommand, presentPoll } from './polls.present.ts';
import { insertPoll, mustTakeAnotherPoll } from './polls.queries.ts';
import { type CountedPoll, type Poll, requireEnoughOptions } from './polls.rules.ts';
import type { OpenPoll, PollView } from './polls.schemas.ts';

function buildPoll(
  ctx: Ctx,
  roomId: string,
  openedBy: string,
  { options, ...settings }: OpenPoll,
  now: Date,
): Poll {
  return {
    ...settings,
    id: ctx.ids.create('poll'),
    organizationId: ctx.organizationId,
    roomId,
    options: options.map((text, at) => ({ optionId: String(at + 1), text })),
    status: 'open',
    openedBy,
    openedAt: now,
    closedAt: null,
    updatedAt: now,
    version: 1,
  };
}

/**
 * Opens a poll and shows it to everybody in the room.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `polls.room_ended`, `polls.too_many_open` or
 * `request.invalid`
 */
export async function openPoll(ctx: Ctx, request: RoomAccessRequest, input: OpenPoll): Promise<PollView> {
  const { roomId } = request;
  requireEnoughOptions(input);
  const [access] = await requireRoomAccess(ctx, request);
  requireModerator(access);
  const now = new Date(ctx.clock.now());
  const poll = buildPoll(ctx, roomId, access.identity, input, now);
  const counted: CountedPoll = { poll, votesByOption: {}, voterCount: 0, ownChoices: null };
  const by = publicIdentity(access.identity);
  const command = pollCommand('opened', counted, { atMs: now.getTime(), by });
  const view = await ctx.commit({
    write: (q) => [...mustTakeAnotherPoll(q, poll), insertPoll(q, poll)],
    audit: {
      action: 'poll.opened',
      target: { type: 'room', id: roomId },
      after: { pollId: poll.id, question: poll.question, anonymous: poll.anonymous },
    },
    events: [liveCommandsIssued.of({ roomId, commands: [command] })],
    result: presentPoll(counted, access),
  });
  await sendLiveCommands(ctx, roomId, [command]);
  return view;
}
