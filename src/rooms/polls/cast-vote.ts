import type { Ctx } from '../../kernel/context/index.ts';
import { sha256Hex } from '../../kernel/core/index.ts';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { requireAdmitted, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { pollErrors } from './polls.errors.ts';
import { selectLastParticipation, selectPoll, lockOpenPoll, upsertVote } from './polls.queries.ts';
import { anonymousVoterText, isSameVote, buildPollCommand, requireVotable } from './polls.rules.ts';
import type { VoteInput } from './polls.schemas.ts';
import { identifyVoter } from './read-polls.ts';

/**
 * Votes, once for each identity; another vote takes the place of the first where the poll allows it. It is written down
 * nowhere else: an audit entry would say when somebody voted in an anonymous poll, and so would the record of a frame.
 * @throws AppError `rooms.not_found`, `rooms.removed`, `polls.*` or `request.invalid`
 */
export async function castVote(
  ctx: Ctx,
  request: RoomAccessRequest,
  pollId: string,
  input: VoteInput,
): Promise<void> {
  const { roomId } = request;
  const { organizationId } = ctx;
  const voter = await identifyVoter(ctx, request);
  const [roomAccess, [found], [participation]] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, organizationId, roomId, pollId, voter),
    selectLastParticipation(q, organizationId, roomId, voter.identity),
  ]);
  requireAdmitted(roomAccess);
  if (!found) throw pollErrors.notFound();
  if (!participation || (UNCOUNTED_ROLES as readonly string[]).includes(participation.role))
    throw pollErrors.notVoter();
  const { poll } = found;
  if (isSameVote(found, input)) return;
  requireVotable(poll, input);
  if (found.own && !poll.changeable) throw pollErrors.alreadyVoted();
  const voterFields = poll.anonymous
    ? { voter: await sha256Hex(anonymousVoterText(voter.voterKey, pollId)), userId: null }
    : { voter: voter.identity, userId: participation.userId };
  const resultsVisible = poll.resultsShown === 'always';
  await ctx.commit({
    write: (q) => [
      lockOpenPoll(q, poll),
      upsertVote(q, { organizationId, pollId, ...voterFields, choices: input.choices }, poll.changeable),
    ],
    // Where everybody sees the results they are told of each vote; who sees them later asks for them.
    events: resultsVisible ? [{ type: 'poll.changed', key: pollId, payload: { roomId, pollId } }] : [],
    conflicts: { poll_votes_poll_id_voter_pk: pollErrors.alreadyVoted },
    result: undefined,
  });
}

/** Tells the room how its poll stands. */
export async function syncPoll(
  ctx: Ctx,
  { roomId, pollId }: { roomId: string; pollId: string },
): Promise<void> {
  const atMs = ctx.clock.now();
  const noVoter = { identity: '', voterKey: '' };
  const [[found]] = await ctx.read((q) => [selectPoll(q, ctx.organizationId, roomId, pollId, noVoter)]);
  if (!found) return;
  const { status, closedAt } = found.poll;
  const commandMeta = { atMs: closedAt?.getTime() ?? atMs, by: null };
  const eventName = status === 'closed' ? 'closed' : 'updated';
  await ctx.ports.liveRooms.apply(roomId, [buildPollCommand(eventName, found, commandMeta)]);
}
