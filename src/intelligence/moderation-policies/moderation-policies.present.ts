import type { PolicyView } from './moderation-policies.schemas.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';
import { NO_POLICY } from './policies.rules.ts';

/** A policy as the API shows it; the policy of the organization if none was ever set. */
export function presentPolicy(row: ModerationPolicy | undefined): PolicyView {
  const { roomId, updatedAt, ...policy } = row ?? NO_POLICY;
  const { enabled, exemptModerators, allowRoomPolicies, rules, modelCheck, authorId } = policy;
  return {
    scope: roomId === null ? 'organization' : 'room',
    roomId,
    enabled,
    exemptModerators,
    allowRoomPolicies,
    rules: [...rules],
    modelCheck,
    authorId,
    updatedAt: updatedAt?.toISOString() ?? null,
  };
}
