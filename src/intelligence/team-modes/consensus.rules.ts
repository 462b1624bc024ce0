import { z } from '@hono/zod-openapi';
import { readJson } from './answer-json.rules.ts';
import { type DoneTurn, endWith, type ModeRules, type RunTeam } from './steps.rules.ts';

const voteSchema = z.object({
  vote: z.int(),
  answer: z.string().trim().min(1).nullish(),
});

/** What a vote must be. */
export const voteJsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['vote', 'answer'],
  properties: { vote: { type: 'integer' }, answer: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
};

interface Vote {
  /** Whose answer the member supports; null for a vote that cannot be read, which supports none. */
  supports: number | null;
  /** The member's own answer from now on, if it revised it. */
  revised: string | null;
}

function readVote({ members }: RunTeam, { text }: DoneTurn): Vote {
  const read = readJson(voteSchema, text);
  if (!read || read.vote < 1 || read.vote > members.length) return { supports: null, revised: null };
  return { supports: read.vote - 1, revised: read.answer ?? null };
}

/** Where a consensus is: the answers as they are voted on, by member, and the last whole round of votes on them. */
interface Tally {
  answers: readonly string[];
  /** By member, of the last round that is whole; empty before that. */
  votes: readonly Vote[];
  /** The answers that those votes were about. */
  votedOn: readonly string[];
  wholeRounds: number;
}

/** Answers and votes are turns in the order of members: each whole round is as many turns as there are members. */
export function tallyOf(team: RunTeam, turns: readonly DoneTurn[]): Tally {
  const size = team.members.length;
  const wholeRounds = Math.floor(turns.length / size);
  let answers: readonly string[] = turns.slice(0, size).map(({ text }) => text);
  let votedOn = answers;
  let votes: readonly Vote[] = [];
  for (let round = 1; round < wholeRounds; round++) {
    votes = turns.slice(round * size, (round + 1) * size).map((turn) => readVote(team, turn));
    votedOn = answers;
    // A member that supports another's answer and revises nothing takes it over.
    answers = votes.map(({ supports, revised }, member) => revised ?? votedOn[supports ?? member]!);
  }
  return { answers, votes, votedOn, wholeRounds };
}

/** The answer that all support; undefined while they do not. */
function agreedAnswer({ votes, votedOn }: Tally): string | undefined {
  const [first] = votes;
  if (!first || first.supports === null) return undefined;
  return votes.every(({ supports }) => supports === first.supports) ? votedOn[first.supports] : undefined;
}

/** The answer with the most votes; of several the first. */
function leadingAnswer({ votes, votedOn, answers }: Tally): string | null {
  if (votes.length === 0) return answers[0] ?? null;
  const counts = votedOn.map((_answer, member) => votes.filter(({ supports }) => supports === member).length);
  return votedOn[counts.indexOf(Math.max(...counts))]!;
}

/** All answer; then they read each other's answers and vote, in whole rounds, until all support the same one. */
export const consensus: ModeRules = {
  next(team, turns) {
    const size = team.members.length;
    const member = turns.length % size;
    const tally = tallyOf(team, turns);
    const { wholeRounds } = tally;
    if (member === 0) {
      const agreed = agreedAnswer(tally);
      if (agreed !== undefined) return endWith(agreed, true);
      // A round that cannot be whole would decide nothing.
      if (turns.length + size > team.turnLimit) return endWith(leadingAnswer(tally), false);
    }
    const purpose = wholeRounds === 0 ? 'answer' : 'vote';
    return { kind: 'turn', member, round: wholeRounds + 1, purpose };
  },
  resultSoFar: (team, turns) => leadingAnswer(tallyOf(team, turns)),
};
