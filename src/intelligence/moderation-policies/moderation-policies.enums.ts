/** What follows from a rule, the mildest first: people look at it; the others see it only after that; it is refused. */
export const RULE_ACTIONS = ['flag', 'hide', 'reject'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** What a model looks for. */
export const MODERATION_CATEGORIES = [
  'harassment',
  'hate',
  'sexual',
  'violence',
  'self_harm',
  'illegal',
  'personal_data',
  'spam',
] as const;
export type ModerationCategory = (typeof MODERATION_CATEGORIES)[number];

/** How bad it is, as the model states it, the mildest first. */
export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What follows from what a model has found, the mildest first: the message was shown already. */
export const MODEL_ACTIONS = ['flag', 'hide'] as const;

/** What becomes of a message that no model could look at: it stays, or people look at it. */
export const UNCHECKED_ACTIONS = ['show', 'flag'] as const;
