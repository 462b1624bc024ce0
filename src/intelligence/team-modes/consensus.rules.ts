import { z } from '@hono/zod-openapi';
import { readJson } from './answer-json.rules.ts';
import { type DoneTurn, endWith, type ModeRules, type RunTeam } from './steps.rules.ts';

const voteSchema = z.object({
  vote: z.int(),
  answer: z.string().trim().min(1).nullish(),
});

/** The JSON schema of a vote. */
export const voteJsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['vote', 'answer'],
  properties: { vote: { type: 'integer' }, answer: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
};

interface Vote {
  /** The member whose answer is supported; null for a vote that cannot be read, which supports none. */
  supports: number | null;
  /** The member's own revised answer; null without a revision. */
  revised: string | null;
}

function readVote({ members }: RunTeam, { text }: DoneTurn): Vote {
  const read = readJson(voteSchema, text);
  if (!read || read.vote < 1 || read.vote > members.length) return { supports: null, revised: null };
  return { supports: read.vote - 1, revised: read.answer ?? null };
}

/** The state of a consensus: the present answer of each member, and the last complete round of votes. */
interface Tally {
  answers: readonly string[];
  /** By member, from the last complete round; empty before it. */
  votes: readonly Vote[];
  /** The answers that were voted on in that round. */
  votedOn: readonly string[];
  wholeRounds: number;
}

/** Answers and votes are turns in the order of members: each complete round has one turn for each member. */
export function tallyOf(team: RunTeam, turns: readonly DoneTurn[]): Tally {
  const size = team.members.length;
  const wholeRounds = Math.floor(turns.length / size);
  let answers: readonly string[] = turns.slice(0, size).map(({ text }) => text);
  let votedOn = answers;
  let votes: readonly Vote[] = [];
  for (let round = 1; round < wholeRounds; round++) {
    votes = turns.slice(round * size, (round + 1) * size).map((turn) => readVote(team, turn));
    votedOn = answers;
    // A member that supports another's answer and revises nothing adopts it.
    answers = votes.map(({ supports, revised }, member) => revised ?? votedOn[supports ?? member]!);
  }
  return { answers, votes, votedOn, wholeRounds };
}

/** The answer that all support; undefined without agreement. */
function agreedAnswer({ votes, votedOn }: Tally): string | undefined {
  const [first] = votes;
  if (!first || first.supports === null) return undefined;
  return votes.every(({ supports }) => supports === first.supports) ? votedOn[first.supports] : undefined;
}

/** The answer with the most votes; the first of several. */
function leadingAnswer({ votes, votedOn, answers }: Tally): string | null {
  if (votes.length === 0) return answers[0] ?? null;
  const counts = votedOn.map((_answer, member) => votes.filter(({ supports }) => supports === member).length);
  return votedOn[counts.indexOf(Math.max(...counts))]!;
}

/** All answer; then they read each other's answers and vote, in complete rounds, until all support the same one. */
export const consensus: ModeRules = {
  next(team, turns) {
    const size = team.members.length;
    const member = turns.length % size;
    const tally = tallyOf(team, turns);
    const { wholeRounds } = tally;
    if (member === 0) {
      const agreed = agreedAnswer(tally);
      if (agreed !== undefined) return endWith(agreed, true);
      // An incomplete round would decide nothing.
      if (turns.length + size > team.turnLimit) return endWith(leadingAnswer(tally), false);
    }
    const purpose = wholeRounds === 0 ? 'answer' : 'vote';
    return { kind: 'turn', member, round: wholeRounds + 1, purpose };
  },
  resultSoFar: (team, turns) => leadingAnswer(tallyOf(team, turns)),
};
