import type { Services } from '../../kernel/context/index.ts';
import type { BreakerState } from '../../kernel/core/index.ts';
import type { DependencyStatus, DependencyTier } from './health.rules.ts';

/** The result of a check; a check that throws means that the dependency is down. */
export interface ProbeResult {
  /** What is wrong with a dependency that still answers, in words for any caller; undefined when it is healthy. */
  degraded?: string;
}

/** How one dependency is checked. */
export interface Probe {
  name: string;
  /** `required`: without it almost no request can be answered, and readiness is 503. */
  tier: DependencyTier;
  /** What the product does without it. */
  whenLost: string;
  /** Runs the check; undefined when the dependency is not configured. Spends nothing and changes nothing. */
  check?: ((services: Services, signal: AbortSignal) => Promise<ProbeResult>) | undefined;
  /** State of the circuit breaker in front of it, if any. */
  breaker?: ((services: Services) => BreakerState) | undefined;
}

/** The state of one dependency. */
export interface Dependency {
  name: string;
  tier: DependencyTier;
  whenLost: string;
  status: DependencyStatus;
  breaker: BreakerState | null;
  /** Milliseconds it took to answer; null when it was not checked. */
  latencyMs: number | null;
  /** Milliseconds since the epoch; null when it was not checked. */
  checkedAtMs: number | null;
  detail: string | null;
}

/** Checks the dependencies, no more often than its cache allows. */
export interface HealthMonitor {
  dependencies(services: Services): Promise<Dependency[]>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    health: HealthMonitor;
  }
}
