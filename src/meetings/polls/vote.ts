import type { Ctx } from '../../platform/context/index.ts';
import { sha256Hex } from '../../platform/core/index.ts';
import { SEATLESS_ROLES } from '../calls/index.ts';
import { findStanding } from '../lobby/index.ts';
import { type Place, requireWelcome, standingOf } from '../moderation/index.ts';
import { requireReach } from '../rooms/index.ts';
import { pollErrors } from './polls.errors.ts';
import { findPlace, findPoll, holdOpenPoll, putVote } from './polls.queries.ts';
import { blindText, isSameVote, pollTold, requireVotable } from './polls.rules.ts';
import type { Vote } from './polls.schemas.ts';
import { voterAt } from './read-polls.ts';

/**
 * Votes, once for each identity; another vote takes the place of the first where the poll allows it. It is written down
 * nowhere else: an audit entry would say when somebody voted in an anonymous poll, and so would the record of a frame.
 * @throws AppError `rooms.not_found`, `rooms.removed`, `polls.*` or `request.invalid`
 */
export async function vote(ctx: Ctx, place: Place, pollId: string, input: Vote): Promise<void> {
  const { roomId } = place;
  const { organizationId } = ctx;
  requireReach(ctx.actor, roomId);
  const voter = await voterAt(ctx, place);
  const [[row], [found], [seat]] = await ctx.read((q) => [
    findStanding(q, organizationId, roomId, voter.identity),
    findPoll(q, organizationId, roomId, pollId, voter),
    findPlace(q, organizationId, roomId, voter.identity),
  ]);
  requireWelcome(standingOf(ctx.actor, place, row));
  if (!found) throw pollErrors.notFound();
  if (!seat || (SEATLESS_ROLES as readonly string[]).includes(seat.role)) throw pollErrors.notVoter();
  const { poll } = found;
  if (isSameVote(found, input)) return;
  requireVotable(poll, input);
  if (found.own && !poll.changeable) throw pollErrors.alreadyVoted();
  const who = poll.anonymous
    ? { voter: await sha256Hex(blindText(voter.voterKey, pollId)), userId: null }
    : { voter: voter.identity, userId: seat.userId };
  const shown = poll.resultsShown === 'always';
  await ctx.commit({
    write: (q) => [
      holdOpenPoll(q, poll),
      putVote(q, { organizationId, pollId, ...who, choices: input.choices }, poll.changeable),
    ],
    // Where everybody sees the results they are told of each vote; who sees them later asks for them.
    effects: shown ? [{ type: 'poll.changed', key: pollId, payload: { roomId, pollId } }] : [],
    conflicts: { poll_votes_poll_id_voter_pk: pollErrors.alreadyVoted },
    result: undefined,
  });
}

/** Tells the room how its poll stands. */
export async function followPoll(
  ctx: Ctx,
  { roomId, pollId }: { roomId: string; pollId: string },
): Promise<void> {
  const atMs = ctx.clock.now();
  const nobody = { identity: '', voterKey: '' };
  const [[found]] = await ctx.read((q) => [findPoll(q, ctx.organizationId, roomId, pollId, nobody)]);
  if (!found) return;
  const { status, closedAt } = found.poll;
  const decided = { atMs: closedAt?.getTime() ?? atMs, by: null };
  const happened = status === 'closed' ? 'closed' : 'updated';
  await ctx.ports.liveRooms.apply(roomId, [pollTold(happened, found, decided)]);
}
