import type { Ctx } from '../../platform/context/index.ts';
import { actorId, type Page, type PageQuery, pageOf, readCursor } from '../../platform/core/index.ts';
import { findStanding } from '../lobby/index.ts';
import {
  identityAt,
  type Place,
  requireModerator,
  requireWelcome,
  type Standing,
  standingOf,
} from '../moderation/index.ts';
import { requireReach } from '../rooms/index.ts';
import { pollErrors } from './polls.errors.ts';
import { findPoll, listPollRows, listVoteRows, type Voter } from './polls.queries.ts';
import type { CountedPoll } from './polls.rules.ts';

/** Who asks, as polls know them. */
export async function voterAt(ctx: Ctx, place: Place): Promise<Voter> {
  const identity = identityAt(ctx.actor, place);
  return { identity, voterKey: await ctx.hasher.hash('poll_vote', identity) };
}

export interface FoundPoll {
  standing: Standing;
  found: CountedPoll;
}

/** @throws AppError `rooms.not_found`, `rooms.removed` or `polls.not_found` */
export async function getPoll(ctx: Ctx, place: Place, pollId: string): Promise<FoundPoll> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const voter = await voterAt(ctx, place);
  const [[row], [found]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, voter.identity),
    findPoll(q, ctx.organizationId, roomId, pollId, voter),
  ]);
  const standing = requireWelcome(standingOf(ctx.actor, place, row));
  if (!found) throw pollErrors.notFound();
  return { standing, found };
}

/** The room's polls, the newest first. @throws AppError `rooms.not_found` or `rooms.removed` */
export async function listPolls(
  ctx: Ctx,
  place: Place,
  { limit, cursor }: PageQuery,
): Promise<{ standing: Standing; page: Page<CountedPoll> }> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const before = readCursor(cursor);
  const voter = await voterAt(ctx, place);
  const [[row], rows] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, voter.identity),
    listPollRows(q, ctx.organizationId, roomId, voter, before, limit + 1),
  ]);
  const standing = requireWelcome(standingOf(ctx.actor, place, row));
  return { standing, page: pageOf<CountedPoll>(rows, limit, ({ poll }) => poll.id) };
}

/**
 * Who voted for what, for who moderates.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `polls.not_found` or `polls.anonymous`
 */
export async function listVotes(
  ctx: Ctx,
  place: Place,
  pollId: string,
  { limit, cursor }: PageQuery,
): Promise<Page<{ identity: string; choices: string[] }>> {
  const { roomId } = place;
  requireReach(ctx.actor, roomId);
  const after = readCursor(cursor);
  const voter: Voter = { identity: actorId(ctx.actor) ?? '', voterKey: '' };
  const [[row], [found], rows] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, roomId, identityAt(ctx.actor, place)),
    findPoll(q, ctx.organizationId, roomId, pollId, voter),
    listVoteRows(q, ctx.organizationId, pollId, after, limit + 1),
  ]);
  requireModerator(standingOf(ctx.actor, place, row));
  if (!found) throw pollErrors.notFound();
  if (found.poll.anonymous) throw pollErrors.anonymous();
  return pageOf(rows, limit, ({ identity }) => identity);
}
