import type { Team } from '../teams/index.ts';
import type { TurnPurpose } from './team-modes.enums.ts';

/** The part of a team that a run keeps: later changes of the team do not affect it. */
export type RunTeam = Pick<Team, 'name' | 'mode' | 'members' | 'rounds' | 'turnLimit' | 'budgetMicros'>;

/** The part of a complete turn that decides the next step. */
export interface DoneTurn {
  /** Index of the member in the team. */
  member: number;
  purpose: TurnPurpose;
  text: string;
}

/** A turn that is due; `part` is the member's part of the task. */
export interface TurnStep {
  kind: 'turn';
  member: number;
  round: number;
  purpose: TurnPurpose;
  part?: string;
}

/** The end of a run by a mode's decision; without a reason it is complete. */
export interface EndStep {
  kind: 'end';
  reason: 'plan_not_readable' | 'out_of_turns' | null;
  result: string | null;
  agreed: boolean | null;
}

export type NextStep = TurnStep | EndStep;

/** The rules of a mode of collaboration. `turns` are complete, in order. */
export interface ModeRules {
  next(team: RunTeam, turns: readonly DoneTurn[]): NextStep;
  /** The result so far, when the run is ended early. */
  resultSoFar(team: RunTeam, turns: readonly DoneTurn[]): string | null;
}

export const endWith = (result: string | null, agreed: boolean | null = null): EndStep => ({
  kind: 'end',
  reason: null,
  result,
  agreed,
});
