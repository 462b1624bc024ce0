import type { TeamMode } from '../teams/index.ts';
import { consensus } from './consensus.rules.ts';
import { hierarchical } from './hierarchical.rules.ts';
import { sequential } from './sequential.rules.ts';
import type { DoneTurn, ModeRules, NextStep, RunTeam } from './steps.rules.ts';

const MODES: Readonly<Record<TeamMode, ModeRules>> = { sequential, hierarchical, consensus };

/** The next step of a run, after complete turns. */
export function nextStep(team: RunTeam, turns: readonly DoneTurn[]): NextStep {
  const step = MODES[team.mode].next(team, turns);
  if (step.kind === 'turn' && turns.length >= team.turnLimit)
    return {
      kind: 'end',
      reason: 'out_of_turns',
      result: resultSoFar(team, turns),
      agreed: agreedSoFar(team),
    };
  return step;
}

/** The result so far, when something else ends the run. */
export const resultSoFar = (team: RunTeam, turns: readonly DoneTurn[]): string | null =>
  MODES[team.mode].resultSoFar(team, turns);

export const agreedSoFar = ({ mode }: RunTeam): boolean | null => (mode === 'consensus' ? false : null);
