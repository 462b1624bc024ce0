import type { Ctx } from '../../kernel/context/index.ts';
import { type Page, type PageQuery, pageOf, readCursor } from '../../kernel/core/index.ts';
import {
  requesterIdentity,
  requireAdmitted,
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { pollErrors } from './polls.errors.ts';
import { selectPoll, selectPolls, selectVotes } from './polls.queries.ts';
import type { CountedPoll, Voter } from './polls.rules.ts';

export async function identifyVoter(ctx: Ctx, request: RoomAccessRequest): Promise<Voter> {
  const identity = requesterIdentity(ctx.actor, request);
  return { identity, voterKey: await ctx.hasher.hash('poll_vote', identity) };
}

export interface FoundPoll {
  access: RoomAccess;
  counted: CountedPoll;
}

/** @throws AppError `rooms.not_found`, `rooms.removed`, `rooms.denied` or `polls.not_found` */
export async function getPoll(ctx: Ctx, request: RoomAccessRequest, pollId: string): Promise<FoundPoll> {
  const voter = await identifyVoter(ctx, request);
  const [access, [counted]] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, ctx.organizationId, request.roomId, pollId, voter),
  ]);
  requireAdmitted(access);
  if (!counted) throw pollErrors.notFound();
  return { access, counted };
}

/** A poll that the caller moderates. @throws AppError as `getPoll`, and `moderation.not_moderator` */
export async function getPollAsModerator(
  ctx: Ctx,
  request: RoomAccessRequest,
  pollId: string,
): Promise<FoundPoll> {
  const found = await getPoll(ctx, request, pollId);
  requireModerator(found.access);
  return found;
}

/** The room's polls, newest first. @throws AppError `rooms.not_found`, `rooms.removed` or `rooms.denied` */
export async function listPolls(
  ctx: Ctx,
  request: RoomAccessRequest,
  { limit, cursor }: PageQuery,
): Promise<{ access: RoomAccess; page: Page<CountedPoll> }> {
  const before = readCursor(cursor);
  const voter = await identifyVoter(ctx, request);
  const [access, rows] = await requireRoomAccess(ctx, request, (q) => [
    selectPolls(q, ctx.organizationId, request.roomId, voter, before, limit),
  ]);
  requireAdmitted(access);
  return { access, page: pageOf<CountedPoll>(rows, limit, ({ poll }) => poll.id) };
}

/**
 * The votes of a poll with names, ordered by voter.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `polls.not_found` or `polls.anonymous`
 */
export async function listVotes(
  ctx: Ctx,
  request: RoomAccessRequest,
  pollId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<{ identity: string; choices: string[] }>> {
  const after = readCursor(cursor);
  const voter = await identifyVoter(ctx, request);
  const [access, [counted], rows] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, ctx.organizationId, request.roomId, pollId, voter),
    selectVotes(q, ctx.organizationId, pollId, after, limit),
  ]);
  requireModerator(access);
  if (!counted) throw pollErrors.notFound();
  if (counted.poll.anonymous) throw pollErrors.anonymous();
  return pageOf(rows, limit, ({ identity }) => identity);
}
