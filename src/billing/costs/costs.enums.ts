/** How an organization's costs can be grouped. */
export const COST_GROUPS = ['meter', 'feature', 'room', 'user', 'model', 'call', 'day'] as const;
/** How operators can group the costs of all organizations. */
export const OPERATOR_COST_GROUPS = ['organization', 'meter', 'feature', 'model', 'call', 'day'] as const;
export type CostGroup = (typeof COST_GROUPS)[number];

/** The kind of a line in the history of its usage. */
export const LINE_KINDS = ['usage', 'correction', 'taken_back', 'repriced'] as const;
export type LineKind = (typeof LINE_KINDS)[number];
