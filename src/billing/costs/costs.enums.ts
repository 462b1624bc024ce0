/** By what an organization's costs can be summed. */
export const COST_GROUPS = ['meter', 'feature', 'room', 'user', 'model', 'call', 'day'] as const;
/** By what operators sum costs of all organizations. */
export const OPERATOR_COST_GROUPS = ['organization', 'meter', 'feature', 'model', 'call', 'day'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** What a line is in the history of its usage. */
export const LINE_KINDS = ['usage', 'correction', 'taken_back', 'repriced'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
