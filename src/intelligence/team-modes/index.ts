export { agreedSoFar, nextStep, resultSoFar } from './modes.rules.ts';
export { questionOf } from './prompt.rules.ts';
export type { DoneTurn, RunTeam, TurnStep } from './steps.rules.ts';
export { TURN_PURPOSES } from './team-modes.enums.ts';
