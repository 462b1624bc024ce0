import type { Team } from '../teams/index.ts';
import type { TurnPurpose } from './team-modes.enums.ts';

/** What of a team a run keeps: later changes of the team do not concern it. */
export type RunTeam = Pick<Team, 'name' | 'mode' | 'members' | 'rounds' | 'turnLimit' | 'budgetMicros'>;

/** What of a complete turn decides what comes next. */
export interface DoneTurn {
  /** Index of the member in the team. */
  member: number;
  purpose: TurnPurpose;
  text: string;
}

/** A turn that is to be taken; `part` is what the member is to do of the task. */
export interface TurnStep {
  kind: 'turn';
  member: number;
  round: number;
  purpose: TurnPurpose;
  part?: string;
}

/** The end of a run that a mode decides; without a reason it is complete. */
export interface EndStep {
  kind: 'end';
  reason: 'plan_not_readable' | 'out_of_turns' | null;
  result: string | null;
  agreed: boolean | null;
}

export type NextStep = TurnStep | EndStep;

/** How a mode of collaboration continues. `turns` are complete, in their order. */
export interface ModeRules {
  next(team: RunTeam, turns: readonly DoneTurn[]): NextStep;
  /** What there is of a result when the run ends before its end. */
  resultSoFar(team: RunTeam, turns: readonly DoneTurn[]): string | null;
}

export const endWith = (result: string | null, agreed: boolean | null = null): EndStep => ({
  kind: 'end',
  reason: null,
  result,
  agreed,
});
