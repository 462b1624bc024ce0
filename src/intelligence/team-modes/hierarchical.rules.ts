import { z } from '@hono/zod-openapi';
import { readJson } from './answer-json.rules.ts';
import { type DoneTurn, endWith, type ModeRules, type RunTeam } from './steps.rules.ts';

/** How often the lead may split the task when its answer cannot be read. */
const MAX_PLANS = 2;
const LEAD = 0;

const planSchema = z.object({
  parts: z.array(z.object({ member: z.int(), task: z.string().trim().min(1).max(8_000) })).min(1),
});

/** A part of the task. */
export interface Part {
  member: number;
  task: string;
}

/** The most parts that are possible: the lead may need two plans, and one turn to join the parts. */
export const mostParts = ({ turnLimit, members }: RunTeam): number =>
  Math.min(turnLimit - 2, (members.length - 1) * 3);

/** The JSON schema of the lead's answer. Members have the numbers from 1 on; the lead is 0. */
export const planJsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['parts'],
  properties: {
    parts: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['member', 'task'],
        properties: { member: { type: 'integer' }, task: { type: 'string' } },
      },
    },
  },
};

/**
 * The parts into which the lead has split the task; undefined for an answer that names other members, or too many
 * parts.
 */
export function readPlan(team: RunTeam, text: string): Part[] | undefined {
  const parts = readJson(planSchema, text)?.parts;
  const isReadable =
    parts &&
    parts.length <= mostParts(team) &&
    parts.every(({ member }) => member > LEAD && member < team.members.length);
  return isReadable ? parts : undefined;
}

const isDone = (turns: readonly DoneTurn[], purpose: DoneTurn['purpose']) =>
  turns.filter((turn) => turn.purpose === purpose);

const partsDone = (team: RunTeam, turns: readonly DoneTurn[]): string | null => {
  const done = isDone(turns, 'part');
  if (done.length === 0) return null;
  return done.map(({ member, text }) => `${team.members[member]!.role}:\n${text}`).join('\n\n');
};

/** The lead splits the task, the others do their parts, the lead joins them. */
export const hierarchical: ModeRules = {
  next(team, turns) {
    const plans = isDone(turns, 'plan');
    const parts = plans.length === 0 ? undefined : readPlan(team, plans.at(-1)!.text);
    if (!parts) {
      if (plans.length >= MAX_PLANS)
        return { kind: 'end', reason: 'plan_not_readable', result: null, agreed: null };
      return { kind: 'turn', member: LEAD, round: plans.length + 1, purpose: 'plan' };
    }
    const done = isDone(turns, 'part').length;
    const part = parts[done];
    if (part) return { kind: 'turn', member: part.member, round: 1, purpose: 'part', part: part.task };
    const joined = isDone(turns, 'join').at(-1);
    return joined ? endWith(joined.text) : { kind: 'turn', member: LEAD, round: 1, purpose: 'join' };
  },
  resultSoFar: partsDone,
};
