export const DEPENDENCY_TIERS = ['required', 'optional'] as const;
export type DependencyTier = (typeof DEPENDENCY_TIERS)[number];

export const DEPENDENCY_STATUSES = ['ok', 'degraded', 'down', 'not_configured'] as const;
export type DependencyStatus = (typeof DEPENDENCY_STATUSES)[number];

export const READINESS_STATUSES = ['ready', 'degraded', 'not_ready'] as const;
export type ReadinessStatus = (typeof READINESS_STATUSES)[number];

/**
 * Ready while every required dependency answers. A required dependency that is not configured counts as down; an
 * optional one that is not configured does not count.
 */
export function decideReadiness(
  dependencies: readonly { tier: DependencyTier; status: DependencyStatus }[],
): ReadinessStatus {
  const isMissing = ({ tier, status }: { tier: DependencyTier; status: DependencyStatus }) =>
    tier === 'required' && (status === 'down' || status === 'not_configured');
  if (dependencies.some(isMissing)) return 'not_ready';
  const impaired = dependencies.some(({ status }) => status === 'degraded' || status === 'down');
  return impaired ? 'degraded' : 'ready';
}

/** A check that takes more than this share of its time limit counts as degraded. */
const SLOW_SHARE = 0.5;

export const isSlow = (latencyMs: number, timeLimitMs: number): boolean =>
  latencyMs > timeLimitMs * SLOW_SHARE;
