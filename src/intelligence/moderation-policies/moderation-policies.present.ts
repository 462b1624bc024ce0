import type { PolicyView } from './moderation-policies.schemas.ts';
import type { ModerationPolicy } from './moderation-policies.tables.ts';
import { NO_POLICY } from './policies.rules.ts';

/** A policy as the API shows it; of the organization where none was ever set. */
export function presentPolicy(row: ModerationPolicy | undefined): PolicyView {
  const { roomId, enabled, exemptModerators, allowRoomPolicies, rules, updatedAt } = row ?? NO_POLICY;
  return {
    scope: roomId === null ? 'organization' : 'room',
    roomId,
    enabled,
    exemptModerators,
    allowRoomPolicies,
    rules: [...rules],
    updatedAt: updatedAt?.toISOString() ?? null,
  };
}
