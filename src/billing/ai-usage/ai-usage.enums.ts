/** How uses of AI can be grouped. */
export const AI_GROUPS = [
  'model',
  'feature',
  'meter',
  'user',
  'room',
  'call',
  'agent',
  'conversation',
  'team_run',
  'day',
] as const;
export type AiGroup = (typeof AI_GROUPS)[number];

/** The features of meters that count AI. */
export const AI_FEATURES: readonly string[] = ['ai', 'speech', 'memory'];
