import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { isModeratorRole, type RoomAccess } from '../access/index.ts';
import type { LiveCommand, LivePoll } from '../../realtime/protocol/index.ts';
import { pollErrors } from './polls.errors.ts';
import type { PollView, VoteInput } from './polls.schemas.ts';
import type { polls } from './polls.tables.ts';

export type Poll = typeof polls.$inferSelect;

/** A poll with its votes, counted, and the caller's own. */
export interface CountedPoll {
  poll: Poll;
  /** By option; those that nobody chose are not in it. */
  votes: Record<string, number>;
  voters: number;
  own: string[] | null;
}

/** Whether the results are kept back from somebody. */
function areResultsHidden({ resultsShown, status }: Poll, voted: boolean, moderating: boolean): boolean {
  if (status === 'closed' || resultsShown === 'always' || moderating) return false;
  return resultsShown === 'after_close' || !voted;
}

const presentOptions = ({ options }: Poll, votes: Record<string, number> | null) =>
  options.map((option) => ({ ...option, votes: votes && (votes[option.optionId] ?? 0) }));

export function presentPoll(
  { poll, votes, voters, own }: CountedPoll,
  { role }: Pick<RoomAccess, 'role'>,
): PollView {
  const { id, roomId, question, maxChoices, anonymous, resultsShown, changeable, status } = poll;
  const voted = own !== null;
  return {
    id,
    roomId,
    question,
    options: presentOptions(poll, areResultsHidden(poll, voted, isModeratorRole(role)) ? null : votes),
    maxChoices,
    anonymous,
    resultsShown,
    changeable,
    status,
    voters,
    voted,
    ownChoices: anonymous ? null : own,
    openedAt: poll.openedAt.toISOString(),
    closedAt: poll.closedAt?.toISOString() ?? null,
  };
}

/**
 * What everybody in the room is told: the results only where everybody may see them.
 * @param atMs not later than the votes were counted
 */
export function buildPollCommand(
  eventName: 'opened' | 'updated' | 'closed',
  { poll, votes, voters }: Omit<CountedPoll, 'own'>,
  { atMs, by }: { atMs: number; by: string | null },
): LiveCommand {
  const { id: pollId, question, maxChoices, anonymous, status, openedAt, closedAt } = poll;
  const resultsVisible = status === 'closed' || poll.resultsShown === 'always';
  const view: LivePoll = {
    pollId,
    question,
    options: presentOptions(poll, resultsVisible ? votes : null),
    maxChoices,
    anonymous,
    status,
    voters: resultsVisible ? voters : null,
    openedAt: openedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
  return { type: `poll.${eventName}`, key: `${pollId}:${eventName}:${atMs}`, atMs, by, poll: view };
}

/** @throws AppError `polls.closed` or `request.invalid` */
export function requireVotable({ status, options, maxChoices }: Poll, { choices }: VoteInput): void {
  if (status === 'closed') throw pollErrors.closed();
  const ids = new Set(options.map(({ optionId }) => optionId));
  const errors: FieldError[] = choices.flatMap((choice, at) =>
    ids.has(choice) ? [] : [{ pointer: `/choices/${at}`, message: 'must be one of the options' }],
  );
  if (choices.length > maxChoices)
    errors.push({ pointer: '/choices', message: `must name at most ${maxChoices}` });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/**
 * Whether somebody votes again as they did: it is counted already. Never in an anonymous poll, where the answer would
 * tell their choice.
 */
export function isSameVote({ poll, own }: CountedPoll, { choices }: VoteInput): boolean {
  if (poll.anonymous || own === null || own.length !== choices.length) return false;
  return choices.every((choice) => own.includes(choice));
}

/** What an anonymous voter is known by in one poll; the database makes the same of the key. */
export const anonymousVoterText = (voterKey: string, pollId: string): string => `${voterKey}:${pollId}`;
