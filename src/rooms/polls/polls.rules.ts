import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import type { Room } from '../rooms/index.ts';
import { pollErrors } from './polls.errors.ts';
import type { OpenPoll, VoteInput } from './polls.schemas.ts';
import type { polls } from './polls.tables.ts';

/** How many polls of a room can be open at a time: all of them are in each `welcome` of the room's socket. */
export const MAX_OPEN_POLLS = 50;

export type Poll = typeof polls.$inferSelect;

/** A poll with its votes, counted, and the caller's own. */
export interface CountedPoll {
  poll: Poll;
  /** Votes by option id; options that nobody chose are missing. */
  votesByOption: Record<string, number>;
  voterCount: number;
  /** Null for a caller who has not voted. */
  ownChoices: string[] | null;
}

/** A caller as polls know them. */
export interface Voter {
  identity: string;
  /** Stands for the identity in anonymous polls; a keyed hash. */
  voterKey: string;
}

/** @throws AppError `request.invalid` when a vote could name more options than there are */
export function requireEnoughOptions({ maxChoices, options }: OpenPoll): void {
  if (maxChoices > options.length)
    throw requestErrors.invalid({
      errors: [{ pointer: '/maxChoices', message: 'must not be more than there are options' }],
    });
}

/** Whether the results show to somebody. */
export function doResultsShow(
  { resultsShown, status }: Poll,
  { hasVoted, isModerator }: { hasVoted: boolean; isModerator: boolean },
): boolean {
  if (status === 'closed' || resultsShown === 'always' || isModerator) return true;
  return resultsShown === 'after_vote' && hasVoted;
}

/** Whether the results show to everybody in the room, and so in the live room. */
export const doResultsShowToAll = ({ resultsShown, status }: Poll): boolean =>
  status === 'closed' || resultsShown === 'always';

/**
 * Polls close with their room.
 * @throws AppError `polls.closed`, or `request.invalid` for choices that the poll does not take
 */
export function requireVotable(
  { status, options, maxChoices }: Poll,
  room: Pick<Room, 'status'>,
  { choices }: VoteInput,
): void {
  if (status === 'closed' || room.status === 'ended') throw pollErrors.closed();
  const optionIds = new Set(options.map(({ optionId }) => optionId));
  const errors: FieldError[] = choices.flatMap((choice, at) =>
    optionIds.has(choice) ? [] : [{ pointer: `/choices/${at}`, message: 'must be one of the options' }],
  );
  if (choices.length > maxChoices)
    errors.push({ pointer: '/choices', message: `must name at most ${maxChoices}` });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/**
 * Whether a vote repeats the one that is stored. Never in an anonymous poll, where the answer would disclose the stored
 * choices.
 */
export function isSameVote({ poll, ownChoices }: CountedPoll, { choices }: VoteInput): boolean {
  if (poll.anonymous || ownChoices === null || ownChoices.length !== choices.length) return false;
  return choices.every((choice) => ownChoices.includes(choice));
}

/** What is hashed into the voter of an anonymous poll; `polls.queries.ts` builds the same text in SQL. */
export const anonymousVoterText = (voterKey: string, pollId: string): string => `${voterKey}:${pollId}`;
