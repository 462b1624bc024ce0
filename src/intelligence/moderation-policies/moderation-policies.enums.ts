/** What follows from a rule, the mildest first: people look at it; the others see it only after that; it is refused. */
export const RULE_ACTIONS = ['flag', 'hide', 'reject'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];
