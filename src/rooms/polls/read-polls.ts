import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import { selectRoomAccess } from '../lobby/index.ts';
import {
  requesterIdentity,
  type RoomAccessRequest,
  requireModerator,
  requireAdmitted,
  type RoomAccess,
  roomAccessOf,
} from '../moderation/index.ts';
import { requireGuestOfRoom } from '../rooms/index.ts';
import { pollErrors } from './polls.errors.ts';
import { selectPoll, selectPolls, selectVotes, type Voter } from './polls.queries.ts';
import type { CountedPoll } from './polls.rules.ts';

/** Who asks, as polls know them. */
export async function identifyVoter(ctx: Ctx, request: RoomAccessRequest): Promise<Voter> {
  const identity = requesterIdentity(ctx.actor, request);
  return { identity, voterKey: await ctx.hasher.hash('poll_vote', identity) };
}

export interface FoundPoll {
  roomAccess: RoomAccess;
  found: CountedPoll;
}

/** @throws AppError `rooms.not_found`, `rooms.removed` or `polls.not_found` */
export async function getPoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<FoundPoll> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const voter = await identifyVoter(ctx, request);
  const [[row], [found]] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, voter.identity),
    selectPoll(q, ctx.organizationId, roomId, pollId, voter),
  ]);
  const roomAccess = requireAdmitted(roomAccessOf(ctx.actor, request, row));
  if (!found) throw pollErrors.notFound();
  return { roomAccess, found };
}

/** The room's polls, the newest first. @throws AppError `rooms.not_found` or `rooms.removed` */
export async function listPolls(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<{ roomAccess: RoomAccess; page: Page<CountedPoll> }> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const before = readCursor(cursor);
  const voter = await identifyVoter(ctx, request);
  const [[row], rows] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, voter.identity),
    selectPolls(q, ctx.organizationId, roomId, voter, before, limit + 1),
  ]);
  const roomAccess = requireAdmitted(roomAccessOf(ctx.actor, request, row));
  return { roomAccess, page: pageOf<CountedPoll>(rows, limit, ({ poll }) => poll.id) };
}

/**
 * Who voted for what, for who moderates.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `polls.not_found` or `polls.anonymous`
 */
export async function listVotes(
  ctx: Ctx,
  request: RoomAccessRequest,
  pollId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<{ identity: string; choices: string[] }>> {
  const { roomId } = request;
  requireGuestOfRoom(ctx.actor, roomId);
  const after = readCursor(cursor);
  const voter: Voter = { identity: actorId(ctx.actor) ?? '', voterKey: '' };
  const [[row], [found], rows] = await ctx.read((q) => [
    selectRoomAccess(q, ctx.organizationId, roomId, requesterIdentity(ctx.actor, request)),
    selectPoll(q, ctx.organizationId, roomId, pollId, voter),
    selectVotes(q, ctx.organizationId, pollId, after, limit + 1),
  ]);
  requireModerator(roomAccessOf(ctx.actor, request, row));
  if (!found) throw pollErrors.notFound();
  if (found.poll.anonymous) throw pollErrors.anonymous();
  return pageOf(rows, limit, ({ identity }) => identity);
}
