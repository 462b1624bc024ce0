import type { LiveCommand, LivePoll } from '../../realtime/protocol/index.ts';
import { isModeratorRole, type RoomAccess } from '../access/index.ts';
import { type CountedPoll, doResultsShow, doResultsShowToAll, type Poll } from './polls.rules.ts';
import type { PollView } from './polls.schemas.ts';

/** @param votesByOption null where the results do not show */
const presentOptions = ({ options }: Poll, votesByOption: Record<string, number> | null) =>
  options.map((option) => ({ ...option, votes: votesByOption && (votesByOption[option.optionId] ?? 0) }));

/** A poll as the API shows it to one caller. */
export function presentPoll(
  { poll, votesByOption, voterCount, ownChoices }: CountedPoll,
  { role }: Pick<RoomAccess, 'role'>,
): PollView {
  const { id, roomId, question, maxChoices, anonymous, resultsShown, changeable, status } = poll;
  const hasVoted = ownChoices !== null;
  const resultsShow = doResultsShow(poll, { hasVoted, isModerator: isModeratorRole(role) });
  return {
    id,
    roomId,
    question,
    options: presentOptions(poll, resultsShow ? votesByOption : null),
    maxChoices,
    anonymous,
    resultsShown,
    changeable,
    status,
    voters: voterCount,
    voted: hasVoted,
    ownChoices: anonymous ? null : ownChoices,
    openedAt: poll.openedAt.toISOString(),
    closedAt: poll.closedAt?.toISOString() ?? null,
  };
}

/**
 * The command that shows a poll to everybody in the live room.
 * @param atMs not later than the moment at which the votes were counted
 * @param resultsShow whether everybody may see the results; by default as the poll says
 */
export function pollCommand(
  change: 'opened' | 'updated' | 'closed',
  { poll, votesByOption, voterCount }: Omit<CountedPoll, 'ownChoices'>,
  { atMs, by }: { atMs: number; by: string | null },
  resultsShow = doResultsShowToAll(poll),
): LiveCommand {
  const { id: pollId, question, maxChoices, anonymous, status, openedAt, closedAt } = poll;
  const view: LivePoll = {
    pollId,
    question,
    options: presentOptions(poll, resultsShow ? votesByOption : null),
    maxChoices,
    anonymous,
    status,
    voters: resultsShow ? voterCount : null,
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
  return { type: `poll.${change}`, key: `${pollId}:${change}:${atMs}`, atMs, by, poll: view };
}
