import { and, asc, desc, eq, gt, lt, type SQL, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { pollErrors } from './polls.errors.ts';
import type { Poll } from './polls.rules.ts';
import { polls, pollVotes } from './polls.tables.ts';

/** Who asks: their identity, and the key that stands for it in anonymous polls. */
export interface Voter {
  identity: string;
  voterKey: string;
}

const votes = sql<Record<string, number>>`(
  select coalesce(jsonb_object_agg(choice, number), '{}') from (
    select choice, count(*)::int as number from poll_votes v, unnest(v.choices) choice
    where v.poll_id = ${polls.id} group by choice) counted)`;
const voters = sql<number>`(select count(*)::int from poll_votes v where v.poll_id = ${polls.id})`;

/** The caller's own vote; see `blindText`. */
const ownVoteOf = ({ identity, voterKey }: Voter): SQL<string[] | null> => sql`(
  select to_jsonb(v.choices) from poll_votes v where v.poll_id = ${polls.id} and v.voter = case
    when ${polls.anonymous} then encode(sha256(convert_to(${voterKey} || ':' || ${polls.id}, 'UTF8')), 'hex')
    else ${identity} end)`;

const inRoom = (organizationId: string, roomId: string) =>
  and(eq(polls.organizationId, organizationId), eq(polls.roomId, roomId));

export function selectPoll(q: Queries, organizationId: string, roomId: string, pollId: string, voter: Voter) {
  return q
    .select({ poll: polls, votes, voters, own: ownVoteOf(voter) })
    .from(polls)
    .where(and(inRoom(organizationId, roomId), eq(polls.id, pollId)));
}

/** The newest first. */
export function selectPolls(
  q: Queries,
  organizationId: string,
  roomId: string,
  voter: Voter,
  before: string | undefined,
  limit: number,
) {
  return q
    .select({ poll: polls, votes, voters, own: ownVoteOf(voter) })
    .from(polls)
    .where(and(inRoom(organizationId, roomId), before === undefined ? undefined : lt(polls.id, before)))
    .orderBy(desc(polls.id))
    .limit(limit);
}

/** Whether somebody has or had a place in a call of the room; in what role, in the last of them. */
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

export function insertPoll(q: Queries, row: typeof polls.$inferInsert) {
  return q.insert(polls).values(row);
}

/**
 * Keeps the poll from being closed until the vote is stored; fails with `polls.closed` when it is. Many vote beside each
 * other: only closing waits for them.
 */
export function lockOpenPoll(q: Queries, { id, organizationId }: Pick<Poll, 'id' | 'organizationId'>) {
  const open = q
    .select({ id: polls.id })
    .from(polls)
    .where(and(eq(polls.id, id), eq(polls.organizationId, organizationId), eq(polls.status, 'open')))
    .for('share');
  return mustChange(q, open, pollErrors.closed);
}

/** A vote; of somebody who has voted it takes the place of the first, or violates `poll_votes_poll_id_voter_pk`. */
export function upsertVote(q: Queries, row: typeof pollVotes.$inferInsert, changeable: boolean) {
  const insert = q.insert(pollVotes).values(row);
  if (!changeable) return insert;
  return insert.onConflictDoUpdate({
    target: [pollVotes.pollId, pollVotes.voter],
    set: { choices: row.choices },
  });
}

/** Waits for the votes that are under way. Closing what is closed changes nothing. */
export function closePollRow(q: Queries, { id, organizationId }: Poll, now: Date) {
  return q
    .update(polls)
    .set({ status: 'closed', closedAt: now, updatedAt: now, version: sql`${polls.version} + 1` })
    .where(and(eq(polls.id, id), eq(polls.organizationId, organizationId), eq(polls.status, 'open')));
}

export function deletePollRow(q: Queries, { id, organizationId }: Poll) {
  return q.delete(polls).where(and(eq(polls.id, id), eq(polls.organizationId, organizationId)));
}

/** Who voted for what, by voter; of a poll that is not anonymous. */
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
        after === undefined ? undefined : gt(pollVotes.voter, after),
      ),
    )
    .orderBy(asc(pollVotes.voter))
    .limit(limit);
}
