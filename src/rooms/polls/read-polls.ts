import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import {
  requesterIdentity,
  requireAdmitted,
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
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
  const voter = await identifyVoter(ctx, request);
  const [roomAccess, [found]] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, ctx.organizationId, roomId, pollId, voter),
  ]);
  requireAdmitted(roomAccess);
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
  const before = readCursor(cursor);
  const voter = await identifyVoter(ctx, request);
  const [roomAccess, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectPolls(q, ctx.organizationId, roomId, voter, before, limit + 1),
  ]);
  requireAdmitted(roomAccess);
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
  const after = readCursor(cursor);
  const voter: Voter = { identity: actorId(ctx.actor) ?? '', voterKey: '' };
  const [roomAccess, [found], rows] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, ctx.organizationId, roomId, pollId, voter),
    selectVotes(q, ctx.organizationId, pollId, after, limit + 1),
  ]);
  requireModerator(roomAccess);
  if (!found) throw pollErrors.notFound();
  if (found.poll.anonymous) throw pollErrors.anonymous();
  return pageOf(rows, limit, ({ identity }) => identity);
}
