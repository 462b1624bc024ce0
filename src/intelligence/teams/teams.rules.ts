import { type Actor, type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { type Agent, showsTo } from '../agents/index.ts';
import type { TeamMode } from './teams.enums.ts';
import type { Team } from './teams.tables.ts';

type Shape = Pick<Team, 'mode' | 'members' | 'rounds' | 'turnLimit'>;

/** The fewest turns that a run needs to come to an end. */
const LEAST_TURNS: Readonly<Record<TeamMode, (team: Shape) => number>> = {
  sequential: ({ members, rounds }) => members.length * rounds,
  // The lead splits and joins, and one member does a part.
  hierarchical: () => 3,
  // An answer and a vote from each.
  consensus: ({ members }) => members.length * 2,
};

/** @throws AppError `request.invalid` for a team whose runs could never come to an end */
export function requireWorkable(team: Shape): void {
  const errors: FieldError[] = [];
  const least = LEAST_TURNS[team.mode](team);
  if (team.turnLimit < least)
    errors.push({ pointer: '/turnLimit', message: `must be at least ${least} for these members and rounds` });
  if (team.mode !== 'sequential' && team.rounds !== 1)
    errors.push({ pointer: '/rounds', message: `must be 1 for a ${team.mode} team` });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}

/** @throws AppError `request.invalid` for an agent that the actor may not see */
export function requireAgents(
  actor: Actor,
  { members }: Pick<Team, 'members'>,
  found: readonly Agent[],
): void {
  const shown = new Set(found.filter((agent) => showsTo(actor, agent)).map(({ id }) => id));
  const errors = members.flatMap(({ agentId }, index) =>
    shown.has(agentId)
      ? []
      : [{ pointer: `/members/${index}/agentId`, message: 'must be an agent that the caller may see' }],
  );
  if (errors.length > 0) throw requestErrors.invalid({ errors });
}
