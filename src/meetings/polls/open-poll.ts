import type { Ctx } from '../../platform/context/index.ts';
import { requestErrors } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import { identityAt, type Place, requireModerator, shownBy, standingOf } from '../moderation/index.ts';
import { liveRoomTold, tellLiveRoom } from '../realtime/index.ts';
import { requireReach } from '../rooms/index.ts';
import { closePollRow, deletePollRow, findPoll, insertPoll } from './polls.queries.ts';
import { type CountedPoll, type Poll, pollTold, presentPoll } from './polls.rules.ts';
import type { OpenPoll, PollView } from './polls.schemas.ts';
import { type FoundPoll, getPoll, voterAt } from './read-polls.ts';

/**
 * Asks everybody in the room.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `request.invalid`
 */
export async function openPoll(ctx: Ctx, place: Place, { options, ...asked }: OpenPoll): Promise<PollView> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const message = 'must not be more than there are options';
  if (asked.maxChoices > options.length)
    throw requestErrors.invalid({ errors: [{ pointer: '/maxChoices', message }] });
  const [[row]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const now = new Date(ctx.clock.now());
  const poll: Poll = {
    ...asked,
    id: ctx.ids.create('poll'),
    organizationId: ctx.organizationId,
    roomId,
    options: options.map((text, at) => ({ optionId: String(at + 1), text })),
    status: 'open',
    openedBy: standing.identity,
    openedAt: now,
    closedAt: null,
    updatedAt: now,
    version: 1,
  };
  const counted: CountedPoll = { poll, votes: {}, voters: 0, own: null };
  const told = pollTold('opened', counted, { atMs: now.getTime(), by: shownBy(standing.identity) });
  const view = await ctx.commit({
    write: (q) => [insertPoll(q, poll)],
    audit: {
      action: 'poll.opened',
      target: { type: 'room', id: roomId },
      after: { pollId: poll.id, question: poll.question, anonymous: poll.anonymous },
    },
    effects: [liveRoomTold(roomId, [told])],
    result: presentPoll(counted, standing),
  });
  await tellLiveRoom(ctx, roomId, [told]);
  return view;
}

async function readAsModerator(ctx: Ctx, place: Place, pollId: string): Promise<FoundPoll> {
  const read = await getPoll(ctx, place, pollId);
  requireModerator(read.standing);
  return read;
}

/**
 * Ends the vote. Votes that are under way are stored first, so the answer counts all that there will ever be. Again it
 * changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function closePoll(ctx: Ctx, place: Place, pollId: string): Promise<PollView> {
  const { standing, found } = await readAsModerator(ctx, place, pollId);
  if (found.poll.status === 'closed') return presentPoll(found, standing);
  const { roomId } = place;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [closePollRow(q, found.poll, now)],
    audit: { action: 'poll.closed', target: { type: 'room', id: roomId }, after: { pollId } },
    effects: [{ type: 'poll.changed', key: pollId, payload: { roomId, pollId } }],
    result: undefined,
  });
  const voter = await voterAt(ctx, place);
  const [[last]] = await ctx.read((q) => [findPoll(q, ctx.organizationId, roomId, pollId, voter)]);
  const counted = last ?? { ...found, poll: { ...found.poll, status: 'closed', closedAt: now } };
  const by = shownBy(standing.identity);
  await tellLiveRoom(ctx, roomId, [pollTold('closed', counted, { atMs: now.getTime(), by })]);
  return presentPoll(counted, standing);
}

/**
 * Deletes a poll with its votes. In the room it is closed.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator` or `polls.not_found`
 */
export async function deletePoll(ctx: Ctx, place: Place, pollId: string): Promise<void> {
  const { standing, found } = await readAsModerator(ctx, place, pollId);
  const { roomId } = place;
  const now = new Date(ctx.clock.now());
  const poll: Poll = { ...found.poll, status: 'closed', closedAt: found.poll.closedAt ?? now };
  const decided = { atMs: now.getTime(), by: shownBy(standing.identity) };
  const told = pollTold('closed', { ...found, poll }, decided);
  await ctx.commit({
    write: (q) => [deletePollRow(q, poll)],
    audit: {
      action: 'poll.deleted',
      target: { type: 'room', id: roomId },
      before: { pollId, question: poll.question },
    },
    effects: [liveRoomTold(roomId, [told])],
    result: undefined,
  });
  await tellLiveRoom(ctx, roomId, [told]);
}
