import type { Ctx } from '../../kernel/context/index.ts';
import { sha256Hex } from '../../kernel/core/index.ts';
import { UNCOUNTED_ROLES } from '../../calls/calls/index.ts';
import { requireAdmitted, requireRoomAccess, type RoomAccessRequest } from '../access/index.ts';
import { pollErrors } from './polls.errors.ts';
import { lockOpenPoll, selectLastParticipation, selectPoll, upsertVote } from './polls.queries.ts';
import { anonymousVoterText, doResultsShowToAll, isSameVote, requireVotable } from './polls.rules.ts';
import type { VoteInput } from './polls.schemas.ts';
import { identifyVoter } from './read-polls.ts';
import { pollChanged } from './polls.events.ts';

/**
 * Stores the caller's vote, or changes it where the poll allows that. Nothing else records it: an audit entry, or the
 * record of a frame, would say when somebody voted in an anonymous poll.
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
  const [access, [counted], [participation]] = await requireRoomAccess(ctx, request, (q) => [
    selectPoll(q, organizationId, roomId, pollId, voter),
    selectLastParticipation(q, organizationId, roomId, voter.identity),
  ]);
  requireAdmitted(access);
  if (!counted) throw pollErrors.notFound();
  if (!participation || (UNCOUNTED_ROLES as readonly string[]).includes(participation.role))
    throw pollErrors.notVoter();
  if (isSameVote(counted, input)) return;
  const { poll, ownChoices } = counted;
  requireVotable(poll, access.room, input);
  if (ownChoices && !poll.changeable) throw pollErrors.alreadyVoted();
  const voterFields = poll.anonymous
    ? { voter: await sha256Hex(anonymousVoterText(voter.voterKey, pollId)), userId: null }
    : { voter: voter.identity, userId: participation.userId };
  await ctx.commit({
    write: (q) => [
      lockOpenPoll(q, poll),
      upsertVote(q, { organizationId, pollId, ...voterFields, choices: input.choices }, poll.changeable),
    ],
    // Where results do not show to everybody, those who may see them ask for them.
    events: doResultsShowToAll(poll) ? [pollChanged.of({ roomId, pollId })] : [],
    conflicts: { poll_votes_poll_id_voter_pk: pollErrors.alreadyVoted },
    result: undefined,
  });
}
