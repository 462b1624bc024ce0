import type { Services } from '../../kernel/context/index.ts';
import type { BreakerState } from '../../kernel/core/index.ts';
import type { DependencyStatus, DependencyTier } from './health.rules.ts';

/** What a check found; a check that throws found it down. */
export interface ProbeResult {
  /** Not quite as it should be, in words that any caller may read; undefined when all is well. */
  degraded?: string;
}

/** How one dependency is asked whether it is there. */
export interface Probe {
  name: string;
  /** `required`: without it nearly nothing can be answered, and readiness says so. */
  tier: DependencyTier;
  /** What the product does without it. */
  whenLost: string;
  /** Asks it; undefined where it is not configured. Spends nothing and changes nothing. */
  check?: ((services: Services, signal: AbortSignal) => Promise<ProbeResult>) | undefined;
  /** Whether it is being called at all, where a breaker stands before it. */
  breaker?: ((services: Services) => BreakerState) | undefined;
}

/** What is known of one dependency. */
export interface Dependency {
  name: string;
  tier: DependencyTier;
  whenLost: string;
  status: DependencyStatus;
  breaker: BreakerState | null;
  /** How long it took to answer; null when it was not asked. */
  latencyMs: number | null;
  /** Milliseconds since the epoch; null when it was not asked. */
  checkedAtMs: number | null;
  detail: string | null;
}

/** Asks the dependencies, no more often than its cache allows. */
export interface HealthMonitor {
  dependencies(services: Services): Promise<Dependency[]>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    health: HealthMonitor;
  }
}
