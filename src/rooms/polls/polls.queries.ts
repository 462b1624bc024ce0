import { and, asc, desc, eq, exists, type SQL, sql } from 'drizzle-orm';
import { mustChange, mustHold, type Queries, isAfter, isBefore } from '../../kernel/db/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { rooms } from '../rooms/rooms.tables.ts';
import { pollErrors } from './polls.errors.ts';
import { MAX_OPEN_POLLS, type Poll, type Voter } from './polls.rules.ts';
import { polls, pollVotes } from './polls.tables.ts';

const votesByOption = sql<Record<string, number>>`(
  select coalesce(jsonb_object_agg(choice, number), '{}') from (
    select choice, count(*)::int as number from poll_votes v, unnest(v.choices) choice
    where v.poll_id = ${polls.id} group by choice) counted)`;
const voterCount = sql<number>`(select count(*)::int from poll_votes v where v.poll_id = ${polls.id})`;

/** The caller's own choices; in an anonymous poll found by the hash of `anonymousVoterText`. */
const ownChoicesOf = ({ identity, voterKey }: Voter): SQL<string[] | null> => sql`(
  select to_jsonb(v.choices) from poll_votes v where v.poll_id = ${polls.id} and v.voter = case
    when ${polls.anonymous} then encode(sha256(convert_to(${voterKey} || ':' || ${polls.id}, 'UTF8')), 'hex')
    else ${identity} end)`;

const isInRoom = (organizationId: string, roomId: string) =>
  and(eq(polls.organizationId, organizationId), eq(polls.roomId, roomId));

const countedPollColumns = (voter: Voter) => ({
  poll: polls,
  votesByOption,
  voterCount,
  ownChoices: ownChoicesOf(voter),
});

export function selectPoll(q: Queries, organizationId: string, roomId: string, pollId: string, voter: Voter) {
  return q
    .select(countedPollColumns(voter))
    .from(polls)
    .where(and(isInRoom(organizationId, roomId), eq(polls.id, pollId)));
}

/** The polls of a room, newest first. */
export function selectPolls(
  q: Queries,
  organizationId: string,
  roomId: string,
  voter: Voter,
  before: string | undefined,
  limit: number,
) {
  return q
    .select(countedPollColumns(voter))
    .from(polls)
    .where(and(isInRoom(organizationId, roomId), isBefore(polls.id, before)))
    .orderBy(desc(polls.id))
    .limit(limit + 1);
}

/** The last seat of an identity in a call of the room; no row without one. */
export function selectLastParticipation(
  q: Queries,
  organizationId: string,
  roomId: string,
  identity: string,
) {
  return q
    .select({ kind: callParticipants.kind, role: callParticipants.role, userId: callParticipants.userId })
    .from(callParticipants)
    .innerJoin(calls, eq(calls.id, callParticipants.callId))
    .where(
      and(
        eq(calls.roomId, roomId),
        eq(calls.organizationId, organizationId),
        eq(callParticipants.identity, identity),
      ),
    )
    .orderBy(desc(calls.id))
    .limit(1);
}

const isOpenInRoom = (organizationId: string, roomId: string) =>
  and(isInRoom(organizationId, roomId), eq(polls.status, 'open'));

/**
 * Fails the commit with `polls.room_ended`, or with `polls.too_many_open` when the room has `MAX_OPEN_POLLS`. The room's row
 * is locked, so that polls which are opened at the same time are counted one after another.
 */
export function mustTakeAnotherPoll(q: Queries, { organizationId, roomId }: Poll) {
  const openRoom = q
    .select({ id: rooms.id })
    .from(rooms)
    .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId), eq(rooms.status, 'open')))
    .for('no key update');
  const count = sql`select count(*) from ${polls} where ${isOpenInRoom(organizationId, roomId)}`;
  return [
    mustChange(q, openRoom, pollErrors.roomEnded),
    mustHold(q, sql`(${count}) < ${MAX_OPEN_POLLS}`, pollErrors.tooManyOpen),
  ];
}

const hasEnded = (q: Queries, organizationId: string, roomId: string) =>
  exists(
    q
      .select({ one: sql`1` })
      .from(rooms)
      .where(and(eq(rooms.organizationId, organizationId), eq(rooms.id, roomId), eq(rooms.status, 'ended'))),
  );

/** The open polls of a room that has ended; none if it is open again. */
export function selectPollsToClose(q: Queries, organizationId: string, roomId: string) {
  return q
    .select({ id: polls.id })
    .from(polls)
    .where(and(isOpenInRoom(organizationId, roomId), hasEnded(q, organizationId, roomId)))
    .orderBy(asc(polls.id));
}

/** Closes the open polls of a room that has ended, after waiting for votes under way. */
export function closePollsOfEndedRoom(q: Queries, organizationId: string, roomId: string, now: Date) {
  return q
    .update(polls)
    .set({ status: 'closed', closedAt: now, updatedAt: now, version: sql`${polls.version} + 1` })
    .where(and(isOpenInRoom(organizationId, roomId), hasEnded(q, organizationId, roomId)));
}

export function insertPoll(q: Queries, row: typeof polls.$inferInsert) {
  return q.insert(polls).values(row);
}

/**
 * Holds the poll open until the commit ends; fails with `polls.closed` when it is closed. The lock is shared: votes do not
 * wait for each other, only closing waits for them.
 */
export function lockOpenPoll(q: Queries, { id, organizationId }: Pick<Poll, 'id' | 'organizationId'>) {
  const open = q
    .select({ id: polls.id })
    .from(polls)
    .where(and(eq(polls.id, id), eq(polls.organizationId, organizationId), eq(polls.status, 'open')))
    .for('share');
  return mustChange(q, open, pollErrors.closed);
}

/** Stores a vote. A second one replaces the first, or violates `poll_votes_poll_id_voter_pk` if votes do not change. */
export function upsertVote(q: Queries, row: typeof pollVotes.$inferInsert, changeable: boolean) {
  const insert = q.insert(pollVotes).values(row);
  if (!changeable) return insert;
  return insert.onConflictDoUpdate({
    target: [pollVotes.pollId, pollVotes.voter],
    set: { choices: row.choices },
  });
}

/** Closes an open poll, after waiting for votes under way. Closing a closed poll changes nothing. */
export function closePollRow(q: Queries, { id, organizationId }: Poll, now: Date) {
  return q
    .update(polls)
    .set({ status: 'closed', closedAt: now, updatedAt: now, version: sql`${polls.version} + 1` })
    .where(and(eq(polls.id, id), eq(polls.organizationId, organizationId), eq(polls.status, 'open')));
}

export function deletePollRow(q: Queries, { id, organizationId }: Poll) {
  return q.delete(polls).where(and(eq(polls.id, id), eq(polls.organizationId, organizationId)));
}

/** A page of the votes of a poll that is not anonymous, ordered by voter. */
export function selectVotes(
  q: Queries,
  organizationId: string,
  pollId: string,
  after: string | undefined,
  limit: number,
) {
  return q
    .select({ identity: pollVotes.voter, choices: pollVotes.choices })
    .from(pollVotes)
    .innerJoin(polls, eq(polls.id, pollVotes.pollId))
    .where(
      and(
        eq(pollVotes.pollId, pollId),
        eq(pollVotes.organizationId, organizationId),
        eq(polls.anonymous, false),
        isAfter(pollVotes.voter, after),
      ),
    )
    .orderBy(asc(pollVotes.voter))
    .limit(limit + 1);
}
