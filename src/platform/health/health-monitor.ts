import type { Services } from '../../kernel/context/index.ts';
import type { Dependency, ProbeResult, HealthMonitor, Probe } from './health.ports.ts';
import { isSlow } from './health.rules.ts';

export interface HealthMonitorOptions {
  /** Time limit of each check, in milliseconds. */
  timeLimitMs?: number;
  /** How long a result is reused before its dependency is checked again, in milliseconds. */
  cacheMs?: number;
}

class CheckTimeout extends Error {
  override readonly name = 'CheckTimeout';
}

/** The check's result, or a rejection at the time limit, whether or not the check obeys the signal. */
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

/** Describes a failure for the public: never an address, a query or an upstream body. */
function describeFailure(error: unknown): string {
  if (error instanceof CheckTimeout || error instanceof ProbeFailure) return error.message;
  return 'did not answer';
}

/** A failure whose message may be shown to anyone. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/**
 * Checks each dependency within a time limit and keeps the result, so that requests to `/readiness`, however many,
 * cannot overload a dependency. While one request runs a check, others get the last result: they never await the promise
 * of another request, which the runtime may cancel.
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
    // The breaker's state is local and free to read, so it is always current.
    return { ...dependency, breaker: breaker?.(services) ?? null };
  };

  return {
    dependencies: (services) => Promise.all(probes.map((probe) => getDependency(probe, services))),
  };
}
