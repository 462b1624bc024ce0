/**
 * `sequential`: each member continues the work of those before it. `hierarchical`: the first member, the lead, splits
 * the task, the others do their parts, and the lead joins them. `consensus`: all answer, read each other's answers,
 * and vote until they agree.
 */
export const TEAM_MODES = ['sequential', 'hierarchical', 'consensus'] as const;
export type TeamMode = (typeof TEAM_MODES)[number];
