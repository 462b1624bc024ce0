import type { CallAgentReason } from './call-agents.enums.ts';

/** A process that has not polled for this time has lost its agents; it polls several times a second. */
export const LEASE_MS = 6_000;
/** A lease is extended once this much of it is over. */
export const EXTEND_MS = 2_000;

/** The facts that decide whether an agent may be in its call. */
export interface CallAgentGround {
  isCallActive: boolean;
  isAgentEnabled: boolean;
  isInviterActive: boolean;
  isRemoved: boolean;
  needsConsent: boolean;
}

/** Why the agent must leave; null while it may stay. */
export function endReasonOf(ground: CallAgentGround): CallAgentReason | null {
  if (!ground.isCallActive) return 'call_over';
  if (ground.isRemoved) return 'removed';
  if (!ground.isAgentEnabled) return 'agent_switched_off';
  if (!ground.isInviterActive) return 'inviter_gone';
  return ground.needsConsent ? 'consent_needed' : null;
}
