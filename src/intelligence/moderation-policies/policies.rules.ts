import { type ChatRules, NO_CHAT_RULES } from '../../realtime/text-rules/index.ts';
import { type RuleAction, SEVERITIES, type Severity } from './moderation-policies.enums.ts';
import type { ModerationRule } from './moderation-policies.schemas.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';

/** What holds until somebody sets a policy: nothing. */
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

/** The policy that holds in a room, of those that may: the closest, unless the organization allows rooms none. */
export function policyInForce(policies: readonly ModerationPolicy[]): ModerationPolicy | undefined {
  const ofOrganization = policies.find(({ roomId }) => roomId === null);
  const ofRoom = policies.find(({ roomId }) => roomId !== null);
  return ofOrganization?.allowRoomPolicies === false ? ofOrganization : (ofRoom ?? ofOrganization);
}

/** What a live room must know before it shows a message. Rules that only flag are applied to what is stored. */
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

/** Whether what a model states reaches what a rule asks for. */
export const reaches = (severity: Severity, from: Severity): boolean =>
  SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from);
