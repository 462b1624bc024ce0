/**
 * The purpose of a turn: work, splitting the task, a part of it, joining the parts, a first answer, a vote on all
 * answers.
 */
export const TURN_PURPOSES = ['work', 'plan', 'part', 'join', 'answer', 'vote'] as const;
export type TurnPurpose = (typeof TURN_PURPOSES)[number];
