import { type ChatRules, NO_CHAT_RULES } from '../../realtime/text-rules/index.ts';
import { type RuleAction, SEVERITIES, type Severity } from './moderation-policies.enums.ts';
import type { ModerationRule } from './moderation-policies.schemas.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';

/** The policy before one is set: no rules. */
export const NO_POLICY = {
  roomId: null,
  enabled: false,
  exemptModerators: true,
  allowRoomPolicies: true,
  rules: [],
  modelCheck: null,
  authorId: null,
  updatedAt: null,
} as const;

/**
 * The policy that applies in a room: the closest of the candidates, unless the organization does not allow rooms their
 * own.
 */
export function policyInForce(policies: readonly ModerationPolicy[]): ModerationPolicy | undefined {
  const ofOrganization = policies.find(({ roomId }) => roomId === null);
  const ofRoom = policies.find(({ roomId }) => roomId !== null);
  return ofOrganization?.allowRoomPolicies === false ? ofOrganization : (ofRoom ?? ofOrganization);
}

/** The rules that a live room needs before it shows a message. Rules that only flag are applied to stored messages. */
export function chatRulesOf(policy: ModerationPolicy | undefined): ChatRules {
  if (!policy?.enabled) return NO_CHAT_RULES;
  const { exemptModerators, rules } = policy;
  return {
    exemptModerators,
    rules: rules.flatMap(({ name, words, appliesTo, action, mute }) =>
      action !== 'flag' && appliesTo.includes('chat') ? [{ name, words, action, mute }] : [],
    ),
  };
}

const STRICTNESS: Readonly<Record<RuleAction, number>> = { flag: 0, hide: 1, reject: 2 };

/** The strictest of rules. */
export const strictestOf = (rules: readonly ModerationRule[]): ModerationRule | undefined =>
  rules.toSorted((a, b) => STRICTNESS[b.action] - STRICTNESS[a.action])[0];

/** Whether a severity reaches the lowest one that counts. */
export const reaches = (severity: Severity, from: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from);
