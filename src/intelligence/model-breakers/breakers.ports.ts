import type { Breaker, BreakerReport, BreakerState, BreakerTarget } from './breakers.rules.ts';

/** The breakers of organizations, each in the live object of its organization. */
export interface ModelBreakers {
  read(organizationId: string): Promise<readonly Breaker[]>;
  /** @returns all breakers of the organization after it */
  report(organizationId: string, report: BreakerReport): Promise<readonly Breaker[]>;
  /** Whether the caller's request may be the probe of a half-open breaker. */
  probe(organizationId: string, target: BreakerTarget): Promise<boolean>;
  /** The state of models on the key of the platform, as far as this isolate knows it. */
  platformState(): BreakerState;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    modelBreakers: ModelBreakers;
  }
}
