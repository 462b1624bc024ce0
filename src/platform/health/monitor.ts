import type { Services } from '../context/index.ts';
import type { Dependency, Finding, HealthMonitor, Probe } from './health.ports.ts';
import { isSlow } from './health.rules.ts';

export interface MonitorOptions {
  /** Time limit of each check. */
  timeLimitMs?: number;
  /** How long a finding is given again before its dependency is asked anew. */
  cacheMs?: number;
}

class CheckTimeout extends Error {
  override readonly name = 'CheckTimeout';
}

/** The check's finding, or a rejection when its time is up, whether or not the check heeds the signal. */
function withinLimit(check: (signal: AbortSignal) => Promise<Finding>, ms: number): Promise<Finding> {
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
function detailOf(error: unknown): string {
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
export function createMonitor(
  probes: readonly Probe[],
  { timeLimitMs = 2_000, cacheMs = 5_000 }: MonitorOptions = {},
): HealthMonitor {
  const known = new Map<string, Dependency>();
  const askedAt = new Map<string, number>();

  const look = async (probe: Probe, check: NonNullable<Probe['check']>, services: Services) => {
    const { name, tier, whenLost } = probe;
    const startedAt = services.clock.now();
    askedAt.set(name, startedAt);
    let outcome: Pick<Dependency, 'status' | 'detail'>;
    try {
      const { degraded } = await withinLimit((signal) => check(services, signal), timeLimitMs);
      const slow = isSlow(services.clock.now() - startedAt, timeLimitMs) ? 'answers slowly' : undefined;
      const flaw = degraded ?? slow;
      outcome = flaw === undefined ? { status: 'ok', detail: null } : { status: 'degraded', detail: flaw };
    } catch (error) {
      outcome = { status: 'down', detail: detailOf(error) };
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
    known.set(name, dependency);
    return dependency;
  };

  const report = async (probe: Probe, services: Services): Promise<Dependency> => {
    const { name, tier, whenLost, check, breaker } = probe;
    if (!check) {
      const unasked = { breaker: null, latencyMs: null, checkedAtMs: null, detail: null };
      return { name, tier, whenLost, status: 'not_configured', ...unasked };
    }
    const last = known.get(name);
    const fresh = services.clock.now() - (askedAt.get(name) ?? -Infinity) < cacheMs;
    const dependency = last && fresh ? last : await look(probe, check, services);
    // The breaker is our own and costs nothing to look at: always as it is now.
    return { ...dependency, breaker: breaker?.(services) ?? null };
  };

  return {
    dependencies: (services) => Promise.all(probes.map((probe) => report(probe, services))),
  };
}
