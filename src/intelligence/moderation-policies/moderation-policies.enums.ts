/**
 * What a rule does with a match, the mildest first: it is shown and reviewed, hidden until a review approves it, or
 * refused.
 */
export const RULE_ACTIONS = ['flag', 'hide', 'reject'] as const;
export type RuleAction = (typeof RULE_ACTIONS)[number];

/** What a model checks for. */
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

/** How bad the words are, as estimated by the model, the mildest first. */
export const SEVERITIES = ['low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What follows from a finding of a model, the mildest first. The message was shown already. */
export const MODEL_ACTIONS = ['flag', 'hide'] as const;

/** What follows for a message that no model could check: it stays, or people review it. */
export const UNCHECKED_ACTIONS = ['show', 'flag'] as const;
