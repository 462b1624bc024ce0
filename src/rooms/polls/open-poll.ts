import type { Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { liveCommandsIssued, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { requireModerator, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { closePollRow, deletePollRow, selectPoll, insertPoll } from './polls.queries.ts';
import { type CountedPoll, type Poll, buildPollCommand, presentPoll } from './polls.rules.ts';
import type { OpenPoll, PollView } from './polls.schemas.ts';
import { type FoundPoll, getPoll, identifyVoter } from './read-polls.ts';

/**
 * Asks everybody in the room.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.invalid`
 */
export async function openPoll(
  ctx: Ctx,
  request: RoomAccessRequest,
  { options, ...settings }: OpenPoll,
): Promise<PollView> {
  const { roomId } = request;
  const message = 'must not be more than there are options';
  if (settings.maxChoices > options.length)
    throw requestErrors.invalid({ errors: [{ pointer: '/maxChoices', message }] });
  const [roomAccess] = await requireRoomAccess(ctx, request);
  requireModerator(roomAccess);
  const now = new Date(ctx.clock.now());
  const poll: Poll = {
    ...settings,
    id: ctx.ids.create('poll'),
    organizationId: ctx.organizationId,
    roomId,
    options: options.map((text, at) => ({ optionId: String(at + 1), text })),
    status: 'open',
    openedBy: roomAccess.identity,
    openedAt: now,
    closedAt: null,
    updatedAt: now,
    version: 1,
  };
  const counted: CountedPoll = { poll, votes: {}, voters: 0, own: null };
  const openCommand = buildPollCommand('opened', counted, {
    atMs: now.getTime(),
    by: publicIdentity(roomAccess.identity),
  });
  const view = await ctx.commit({
    write: (q) => [insertPoll(q, poll)],
    audit: {
      action: 'poll.opened',
      target: { type: 'room', id: roomId },
      after: { pollId: poll.id, question: poll.question, anonymous: poll.anonymous },
    },
    events: [liveCommandsIssued(roomId, [openCommand])],
    result: presentPoll(counted, roomAccess),
  });
  await sendLiveCommands(ctx, roomId, [openCommand]);
  return view;
}

async function getPollAsModerator(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<FoundPoll> {
  const read = await getPoll(ctx, request, pollId);
  requireModerator(read.roomAccess);
  return read;
}

/**
 * Ends the vote. Votes that are under way are stored first, so the answer counts all that there will ever be. Again it
 * changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function closePoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<PollView> {
  const { roomAccess, found } = await getPollAsModerator(ctx, request, pollId);
  if (found.poll.status === 'closed') return presentPoll(found, roomAccess);
  const { roomId } = request;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [closePollRow(q, found.poll, now)],
    audit: { action: 'poll.closed', target: { type: 'room', id: roomId }, after: { pollId } },
    events: [{ type: 'poll.changed', key: pollId, payload: { roomId, pollId } }],
    result: undefined,
  });
  const voter = await identifyVoter(ctx, request);
  const [[finalCount]] = await ctx.read((q) => [selectPoll(q, ctx.organizationId, roomId, pollId, voter)]);
  const counted = finalCount ?? { ...found, poll: { ...found.poll, status: 'closed', closedAt: now } };
  const by = publicIdentity(roomAccess.identity);
  await sendLiveCommands(ctx, roomId, [buildPollCommand('closed', counted, { atMs: now.getTime(), by })]);
  return presentPoll(counted, roomAccess);
}

/**
 * Deletes a poll with its votes. In the room it is closed.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function deletePoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<void> {
  const { roomAccess, found } = await getPollAsModerator(ctx, request, pollId);
  const { roomId } = request;
  const now = new Date(ctx.clock.now());
  const poll: Poll = { ...found.poll, status: 'closed', closedAt: found.poll.closedAt ?? now };
  const commandMeta = { atMs: now.getTime(), by: publicIdentity(roomAccess.identity) };
  const closeCommand = buildPollCommand('closed', { ...found, poll }, commandMeta);
  await ctx.commit({
    write: (q) => [deletePollRow(q, poll)],
    audit: {
      action: 'poll.deleted',
      target: { type: 'room', id: roomId },
      before: { pollId, question: poll.question },
    },
    events: [liveCommandsIssued(roomId, [closeCommand])],
    result: undefined,
  });
  await sendLiveCommands(ctx, roomId, [closeCommand]);
}
