export { readChangedRules, readChatRules } from './find-policy.ts';
export type { CategoryRule, ModelCheck } from './model-check.schemas.ts';
export {
  MODERATION_CATEGORIES,
  type ModerationCategory,
  type RuleAction,
  SEVERITIES,
  type Severity,
} from './moderation-policies.enums.ts';
export { selectPoliciesOfRoom } from './moderation-policies.queries.ts';
export type { ModerationRule } from './moderation-policies.schemas.ts';
export type { ModerationPolicy } from './moderation-policies.tables.ts';
export { policyInForce, reaches, strictestOf } from './policies.rules.ts';
