export { readChatRules } from './find-policy.ts';
export type { RuleAction } from './moderation-policies.enums.ts';
export { selectPoliciesOfRoom } from './moderation-policies.queries.ts';
export type { ModerationRule } from './moderation-policies.schemas.ts';
export type { ModerationPolicy } from './moderation-policies.tables.ts';
export { policyInForce, strictestOf } from './policies.rules.ts';
