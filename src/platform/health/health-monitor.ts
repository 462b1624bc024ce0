import type { Services } from '../../kernel/context/index.ts';
import type { Dependency, ProbeResult, HealthMonitor, Probe } from './health.ports.ts';
import { isSlow } from './health.rules.ts';

export interface HealthMonitorOptions {
  /** Time limit of each check. */
  timeLimitMs?: number;
  /** How long a finding is given again before its dependency is asked anew. */
  cacheMs?: number;
}

class CheckTimeout extends Error {
  override readonly name = 'CheckTimeout';
}

/** The check's finding, or a rejection when its time is up, whether or not the check heeds the signal. */
function runWithTimeLimit(
  check: (signal: AbortSignal) => Promise<ProbeResult>,
  ms: number,
): Promise<ProbeResult> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const timeout = new CheckTimeout(`did not answer within ${ms} ms`);
      reject(timeout);
      controller.abort(timeout);
    }, ms);
    check(controller.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}

/** Public words for what went wrong: never an address, a query or what the other side wrote. */
function describeFailure(error: unknown): string {
  if (error instanceof CheckTimeout || error instanceof ProbeFailure) return error.message;
  return 'did not answer';
}

/** A check's own account of a failure, fit for any reader. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/**
 * Asks each dependency within its own time limit and keeps the finding for a while, so that probes, however many come,
 * cannot be used to hammer what stands behind us. While one caller asks, others are given the last finding: they never
 * wait for a promise of another request, which the platform may cancel.
 */
export function createHealthMonitor(
  probes: readonly Probe[],
  { timeLimitMs = 2_000, cacheMs = 5_000 }: HealthMonitorOptions = {},
): HealthMonitor {
  const lastResults = new Map<string, Dependency>();
  const checkStartedAt = new Map<string, number>();

  const runCheck = async (probe: Probe, check: NonNullable<Probe['check']>, services: Services) => {
    const { name, tier, whenLost } = probe;
    const startedAt = services.clock.now();
    checkStartedAt.set(name, startedAt);
    let outcome: Pick<Dependency, 'status' | 'detail'>;
    try {
      const { degraded } = await runWithTimeLimit((signal) => check(services, signal), timeLimitMs);
      const slow = isSlow(services.clock.now() - startedAt, timeLimitMs) ? 'answers slowly' : undefined;
      const degradation = degraded ?? slow;
      outcome =
        degradation === undefined
          ? { status: 'ok', detail: null }
          : { status: 'degraded', detail: degradation };
    } catch (error) {
      outcome = { status: 'down', detail: describeFailure(error) };
      services.log.warn('health.down', { name, error });
    }
    const checkedAtMs = services.clock.now();
    const latencyMs = checkedAtMs - startedAt;
    const dependency: Dependency = {
      name,
      tier,
      whenLost,
      ...outcome,
      breaker: null,
      latencyMs,
      checkedAtMs,
    };
    lastResults.set(name, dependency);
    return dependency;
  };

  const getDependency = async (probe: Probe, services: Services): Promise<Dependency> => {
    const { name, tier, whenLost, check, breaker } = probe;
    if (!check) {
      const uncheckedFields = { breaker: null, latencyMs: null, checkedAtMs: null, detail: null };
      return { name, tier, whenLost, status: 'not_configured', ...uncheckedFields };
    }
    const last = lastResults.get(name);
    const isFresh = services.clock.now() - (checkStartedAt.get(name) ?? -Infinity) < cacheMs;
    const dependency = last && isFresh ? last : await runCheck(probe, check, services);
    // The breaker is our own and costs nothing to look at: always as it is now.
    return { ...dependency, breaker: breaker?.(services) ?? null };
  };

  return {
    dependencies: (services) => Promise.all(probes.map((probe) => getDependency(probe, services))),
  };
}
